/** Injection token of the service's parts: `@Inject(PARTS) parts: ServiceParts`. */
export const PARTS = Symbol('parts');
