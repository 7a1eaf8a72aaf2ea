import 'reflect-metadata';
import type { RiskEvent } from '@linli/contracts';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { v4 } from 'uuid';
import { baselineOptions, ready } from './ready.js';
import { RiskEventEntity } from './risk-event.entity.js';

const { brokers, databaseUrl, topic } = baselineOptions();

const rowOf = (event: RiskEvent): Omit<RiskEventEntity, 'stored_at'> => ({
  tenant: 'default',
  source: event.source,
  id: event.id,
  place_id: v4(),
  generation: 0,
  category: event.category,
  area: event.area,
  grid: event.place?.grid ?? null,
  building: event.place?.building ?? null,
  dispute: event.place?.dispute ?? null,
  longitude: event.place?.point?.[0] ?? null,
  latitude: event.place?.point?.[1] ?? null,
  occurred_at: new Date(event.occurredAt),
  received_at: new Date(),
  credibility: event.credibility ?? 0.5,
  severity: event.severity ?? 1,
  confirmed: event.confirmed ?? false,
  party: event.party ?? null,
  vulnerable: event.vulnerable ?? false,
  triggers: event.triggers ?? [],
  sealed_text: event.text ?? null,
});

/** Row (f), the other end: one `save` per event. It scores nothing. */
@Controller()
class StoreController {
  constructor(@InjectRepository(RiskEventEntity) private readonly events: Repository<RiskEventEntity>) {}

  // oxlint-disable-next-line typescript/no-unnecessary-type-arguments -- without it the overload for raw contexts is taken
  @EventPattern<string>(topic)
  async store(@Payload() event: RiskEvent): Promise<void> {
    await this.events.save({ ...rowOf(event), stored_at: new Date() });
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: databaseUrl,
      schema: 'nest',
      entities: [RiskEventEntity],
      synchronize: true,
      installExtensions: false,
    }),
    TypeOrmModule.forFeature([RiskEventEntity]),
  ],
  controllers: [StoreController],
})
class StoreModule {}

const app = await NestFactory.createMicroservice<MicroserviceOptions>(StoreModule, {
  transport: Transport.KAFKA,
  options: {
    client: { clientId: 'bench-f', brokers: brokers.split(',') },
    consumer: { groupId: 'bench-f' },
    subscribe: { fromBeginning: true },
  },
  logger: ['error'],
});
await app.listen();
ready('ready');
