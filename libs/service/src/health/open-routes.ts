/** The routes of every service that anybody may ask. This list is the whole of it. */
export const openRoutes = ['/livez', '/readyz', '/metrics'] as const;

export const isOpenRoute = (url: string | undefined): boolean => openRoutes.some((route) => route === url);
