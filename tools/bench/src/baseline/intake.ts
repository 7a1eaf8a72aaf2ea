import 'reflect-metadata';
import type { RiskEvent } from '@linli/contracts';
import { Body, Controller, HttpCode, Inject, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule, Transport, type ClientKafka } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { lastValueFrom } from 'rxjs';
import { baselineOptions, ready } from './ready.js';

const { brokers, topic } = baselineOptions();

/** Row (f), the door: one `emit` per event, answered when Kafka has them all. */
@Controller()
class IntakeController {
  constructor(@Inject('KAFKA') private readonly client: ClientKafka) {}

  @Post('events')
  @HttpCode(202)
  async take(@Body() events: RiskEvent[]): Promise<{ accepted: number; items: string[] }> {
    await Promise.all(events.map((event) => lastValueFrom(this.client.emit(topic, event))));
    return { accepted: events.length, items: events.map(({ id }) => id) };
  }
}

@Module({
  imports: [
    ClientsModule.register([
      {
        name: 'KAFKA',
        transport: Transport.KAFKA,
        options: { client: { clientId: 'bench-f', brokers: brokers.split(',') }, producerOnlyMode: true },
      },
    ]),
  ],
  controllers: [IntakeController],
})
class IntakeModule {}

const app = await NestFactory.create<NestFastifyApplication>(IntakeModule, new FastifyAdapter(), {
  logger: ['error'],
});
await app.listen(0, '127.0.0.1');
ready({ url: await app.getUrl() });
