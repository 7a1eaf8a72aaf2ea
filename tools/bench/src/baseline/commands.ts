import 'reflect-metadata';
import { Body, Controller, HttpCode, Inject, Module, NotFoundException, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { baselineOptions, ready } from './ready.js';
import { AuditEntity, WarningEntity } from './warning.entity.js';

const { databaseUrl } = baselineOptions();

/** Row (g): load, change, save, note it, in one transaction. No key, no idempotency, no event tells of it. */
@Controller()
class WarningsController {
  constructor(@Inject(DataSource) private readonly database: DataSource) {}

  @Post('v1/warnings/:id/acknowledge')
  @HttpCode(200)
  acknowledge(@Param('id') id: string, @Body() { note }: { note?: string }): Promise<WarningEntity> {
    return this.database.transaction(async (manager) => {
      const warning = await manager.findOneBy(WarningEntity, { id });
      if (!warning) throw new NotFoundException();
      warning.status = 'acknowledged';
      warning.version += 1;
      warning.acknowledged_by = 'officer';
      warning.acknowledged_at = new Date();
      await manager.save(warning);
      await manager.insert(AuditEntity, {
        warning_id: id,
        action: 'acknowledge',
        actor: 'officer',
        note: note ?? null,
      });
      return warning;
    });
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: databaseUrl,
      schema: 'nest',
      entities: [WarningEntity, AuditEntity],
      synchronize: true,
      extra: { max: 20 },
    }),
  ],
  controllers: [WarningsController],
})
class CommandsModule {}

const app = await NestFactory.create<NestFastifyApplication>(CommandsModule, new FastifyAdapter(), {
  logger: ['error'],
});
await app.listen(0, '127.0.0.1');
ready({ url: await app.getUrl() });
