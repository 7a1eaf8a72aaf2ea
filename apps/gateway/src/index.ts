export { gateway } from './gateway.js';
export type { GatewayOptions } from './gateway.module.js';
export { publishingLimits, type PublishingLimits } from './clients/publishing.js';
export { openApiOf } from './api/openapi.js';
export type { Operation } from './api/operation.js';
export { operations } from './api/operations.js';
