/** Whose routes. */
export type RouteFamily = 'inet' | 'inet6';
