import { z } from 'zod';

/** Clothing sizes that a client may prefer, as the column has them. */
export const clientSize = z.enum(['XS', 'S', 'M', 'L', 'XL', 'XXL', 'XXXL']);
