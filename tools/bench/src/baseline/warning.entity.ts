import { Column, CreateDateColumn, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('warning')
export class WarningEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') status!: string;
  @Column('int') version!: number;
  @Column('text', { nullable: true }) acknowledged_by!: string | null;
  @Column('timestamptz', { nullable: true }) acknowledged_at!: Date | null;
}

@Entity('audit')
export class AuditEntity {
  @PrimaryGeneratedColumn('uuid') id!: string;
  @Column('uuid') warning_id!: string;
  @Column('text') action!: string;
  @Column('text') actor!: string;
  @Column('text', { nullable: true }) note!: string | null;
  @CreateDateColumn({ type: 'timestamptz' }) at!: Date;
}
