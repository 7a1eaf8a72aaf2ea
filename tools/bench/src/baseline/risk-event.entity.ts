import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A plain table with the columns and the primary key of the system's own. */
@Entity('risk_event')
export class RiskEventEntity {
  @PrimaryColumn('text') tenant!: string;
  @PrimaryColumn('text') source!: string;
  @PrimaryColumn('text') id!: string;
  @Column('uuid') place_id!: string;
  @Column('int') generation!: number;
  @Column('text') category!: string;
  @Column('text') area!: string;
  @Column('text', { nullable: true }) grid!: string | null;
  @Column('text', { nullable: true }) building!: string | null;
  @Column('text', { nullable: true }) dispute!: string | null;
  @Column('float8', { nullable: true }) longitude!: number | null;
  @Column('float8', { nullable: true }) latitude!: number | null;
  @Column('timestamptz') occurred_at!: Date;
  @Column('timestamptz') received_at!: Date;
  @Column('timestamptz') stored_at!: Date;
  @Column('float8') credibility!: number;
  @Column('float8') severity!: number;
  @Column('boolean') confirmed!: boolean;
  @Column('text', { nullable: true }) party!: string | null;
  @Column('boolean') vulnerable!: boolean;
  @Column('text', { array: true }) triggers!: string[];
  @Column('text', { nullable: true }) sealed_text!: string | null;
}
