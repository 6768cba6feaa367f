/** Data of the screen, below /admin/api. */
export const reviewPath = '/pages/review';
/** Its address. */
export const reviewHref = '/admin/pages/review';
/** Commands of one case, below /admin/api. */
export const casePath = (id: string) => `/resources/ReviewCase/records/${encodeURIComponent(id)}`;
