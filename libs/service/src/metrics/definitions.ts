/** What a metric is: enough to make it, and to describe it on a page. */
export interface Definition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** UCUM, as the conventions write it. */
  readonly unit: string;
  /** Besides `service`, which every metric has. */
  readonly labels: readonly string[];
  readonly help: string;
  readonly buckets?: readonly number[];
}

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SIZES = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000];

const counter = (unit: string, labels: readonly string[], help: string) =>
  ({ type: 'counter', unit, labels, help }) as const;
const gauge = (unit: string, labels: readonly string[], help: string) =>
  ({ type: 'gauge', unit, labels, help }) as const;
const histogram = (unit: string, labels: readonly string[], help: string, buckets = SECONDS) =>
  ({ type: 'histogram', unit, labels, help, buckets }) as const;

const sending = ['messaging_system', 'messaging_destination_name', 'messaging_operation_name', 'error_type'];
const receiving = [
  'messaging_system',
  'messaging_destination_name',
  'messaging_consumer_group_name',
  'messaging_operation_name',
];
const place = ['topic', 'partition'];

/** All metrics of a service. The first block has the names of the OpenTelemetry conventions as Prometheus writes them. */
export const definitions = {
  http_server_request_duration_seconds: histogram(
    's',
    ['http_request_method', 'http_route', 'http_response_status_code'],
    'Duration of HTTP requests.',
  ),
  http_server_active_requests: gauge('{request}', [], 'HTTP requests being answered.'),
  messaging_client_operation_duration_seconds: histogram(
    's',
    sending,
    'Duration of sends to the log, until durable or given up. `error_type`: empty when durable, else why not.',
  ),
  messaging_client_sent_messages_total: counter('{message}', sending, 'Records that were sent to the log.'),
  messaging_client_consumed_messages_total: counter(
    '{message}',
    receiving,
    'Records that the log delivered, those delivered again included.',
  ),
  messaging_process_duration_seconds: histogram(
    's',
    [...receiving, 'error_type'],
    'Duration of the transactions that handle chunks.',
  ),
  db_client_connection_count: gauge(
    '{connection}',
    ['db_client_connection_pool_name', 'db_client_connection_state'],
    'Connections to the database, `idle` or `used`.',
  ),
  db_client_connection_max: gauge('{connection}', ['db_client_connection_pool_name'], 'Connections at most.'),
  db_client_connection_pending_requests: gauge(
    '{request}',
    ['db_client_connection_pool_name'],
    'Work that waits for a connection.',
  ),

  linli_consumer_lag_records: gauge(
    '{record}',
    place,
    'Records between the consumer and the end of the log.',
  ),
  linli_consumer_lag_seconds: gauge(
    's',
    place,
    'Age of the oldest record that is not done yet, as far as known here; 0 at the end of the log.',
  ),
  linli_consumer_halted: gauge('1', place, '1 when the partition was stopped until somebody looks.'),
  linli_consumer_paused: gauge('1', place, '1 while the partition rests because the outside is away.'),
  linli_consumer_joining: gauge(
    '{topic}',
    [],
    'Consumed topics whose group is not joined, or has no start yet.',
  ),
  linli_chunk_size_items: histogram(
    '{item}',
    ['topic'],
    'Items handled in one transaction: commands, facts, or the events packed in records.',
    SIZES,
  ),
  linli_chunk_transactions_total: counter('{transaction}', [], 'Transactions begun for chunks.'),
  linli_chunk_bisections_total: counter('{chunk}', [], 'Chunks that failed for good and were cut in halves.'),
  linli_consumer_conflicts_total: counter(
    '{chunk}',
    [],
    'Chunks of which somebody else had done a part: another owner, or a commit whose answer was lost.',
  ),
  linli_consumer_duplicates_total: counter('{message}', [], 'Messages that were there before.'),
  linli_consumer_healed_facts_total: counter('{fact}', [], "Facts fetched from their producer's journal."),
  linli_consumer_retries_total: counter('{attempt}', [], 'Attempts that failed for a passing reason.'),
  linli_consumer_set_aside_total: counter('{item}', [], 'Items set aside: parked, or in the dead letters.'),
  linli_outcomes_total: counter('{command}', ['status'], 'Commands by what became of them.'),
  linli_parked_keys: gauge('{key}', [], 'Aggregates whose messages wait for an operator.'),
  linli_dead_letters: gauge(
    '{letter}',
    ['state'],
    'Messages set aside as unreadable or faulty; `open` ones wait for an operator.',
  ),
  linli_journal_unstamped_rows: gauge('{row}', [], 'Facts and commands that have no number yet.'),
  linli_relay_lag_rows: gauge('{row}', [], 'Facts and commands that have a number and were not sent yet.'),
  linli_relay_lag_seconds: gauge('s', [], 'Age of the oldest fact or command that was not sent yet.'),
  linli_publish_inflight_requests: gauge(
    '{request}',
    [],
    'Sends of the gateway that the log has not settled.',
  ),
  linli_publish_inflight_bytes: gauge('By', [], 'Bytes of these.'),
  linli_publish_refusals_total: counter(
    '{request}',
    ['reason'],
    'Requests that the gateway refused because the log was busy or away.',
  ),
  linli_service_figures: gauge(
    '1',
    ['figure'],
    'What the service itself counts: of risk `quarantined` events and `silentSources`, of all tenants.',
  ),
  linli_calendars_lacking: gauge(
    '{calendar}',
    ['year'],
    'Calendars of all tenants without published data for the year, `this` or `next`: deadlines that reach into it are provisional.',
  ),
  linli_deadlines_armed: gauge('{deadline}', [], 'Deadlines that run or stand still.'),
  linli_deadlines_overdue: gauge(
    '{deadline}',
    [],
    'Deadlines of which a rung should have fired more than five seconds ago. Must be 0.',
  ),
  linli_deadlines_undecided: gauge(
    '{deadline}',
    [],
    'Deadlines that have been due for more than a minute without an answer of what they are about.',
  ),
  linli_deadlines_provisional: gauge(
    '{deadline}',
    [],
    'Open deadlines that reach into a year without a published calendar.',
  ),
  linli_deadline_firing_lateness_seconds: histogram(
    's',
    [],
    'How long after its time a rung of a deadline was taken. Must stay below 5.',
  ),
  linli_alarms_lost_total: counter(
    '{alarm}',
    [],
    'Alarms that could not be set or rung; the sweeper fires their deadlines.',
  ),
  linli_sla_deadlines: gauge(
    '{deadline}',
    ['clock', 'band'],
    'Open deadlines, exercises not counted, by how much of their budget is left: `overdue`, `under10`, `under25`, `under50` per cent, or `rest`.',
  ),
  linli_sla_unescalated: gauge(
    '{deadline}',
    ['clock'],
    'Open deadlines past their due time without anybody having been told, exercises too. Must be 0.',
  ),
  linli_outcome_waiters: gauge('{request}', [], 'Requests of the gateway that wait for an outcome.'),
} satisfies Readonly<Record<string, Definition>>;

export type MetricName = keyof typeof definitions;

/** Of the process, without the label `service`. Those named `process_…` and `nodejs_…` of prom-client come in addition. */
export const processDefinitions = {
  nodejs_eventloop_delay_p99_seconds: gauge(
    's',
    [],
    'Delay of the event loop since the last look, 99th percentile.',
  ),
  nodejs_eventloop_delay_max_seconds: gauge('s', [], 'Longest delay of the event loop since the last look.'),
} satisfies Readonly<Record<string, Definition>>;
