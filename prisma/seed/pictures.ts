import sharp from 'sharp';
import type { Random } from './random.ts';

const colours = ['#1d3557', '#7a2e1d', '#2a6f5b', '#6d3b7a', '#c98a1b', '#3b3f8f', '#8f3b52', '#33691e'] as const;
const cloths = ['#f4ecdf', '#e8eef4', '#f6e9e4', '#eef3e6', '#f3eaf6'] as const;

/** Made-up cloth: a pattern of the random numbers, so that no two products look alike and no installation needs a network. */
export function clothPicture(random: Random): Promise<Buffer> {
  const colour = random.pick(colours);
  const ground = random.pick(cloths);
  const step = 40 + random.below(5) * 10;
  const shapes = { circle, diamond, stripe };
  const shape = shapes[random.pick(['circle', 'diamond', 'stripe'] as const)];
  const cells: string[] = [];
  for (let y = step / 2; y < 600; y += step) for (let x = step / 2; x < 480; x += step) cells.push(shape(x, y, step));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="600"><rect width="480" height="600" fill="${ground}"/>
    <g fill="${colour}" stroke="${colour}">${cells.join('')}</g></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 72 }).toBuffer();
}

const circle = (x: number, y: number, step: number): string =>
  `<circle cx="${x}" cy="${y}" r="${step * 0.3}"/><circle cx="${x}" cy="${y}" r="${step * 0.42}" fill="none" stroke-width="2"/>`;
const diamond = (x: number, y: number, step: number): string =>
  `<path d="M${x} ${y - step * 0.4} L${x + step * 0.3} ${y} L${x} ${y + step * 0.4} L${x - step * 0.3} ${y} Z"/>`;
const stripe = (x: number, y: number, step: number): string =>
  `<path d="M${x - step / 2} ${y} Q ${x} ${y - step * 0.4} ${x + step / 2} ${y}" fill="none" stroke-width="6"/>`;

/** A placeholder for a proof of identity: plainly nobody's, with the lines and the portrait that a reviewer looks for. */
export function paperPicture(title: string, random: Random): Promise<Buffer> {
  const colour = random.pick(colours);
  const lines = Array.from({ length: 5 }, (_, n) => {
    const width = 180 + random.below(160);
    return `<rect x="240" y="${150 + n * 44}" width="${width}" height="14" rx="4" fill="#6b5f57"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="420">
    <rect width="640" height="420" rx="24" fill="#fbf8f3"/><rect width="640" height="84" rx="24" fill="${colour}"/>
    <text x="32" y="55" font-family="sans-serif" font-size="30" fill="#ffffff">SPECIMEN: ${title}</text>
    <rect x="32" y="120" width="170" height="220" rx="12" fill="#d9cfc4"/>
    <circle cx="117" cy="200" r="46" fill="#8d7d70"/><path d="M50 330 Q117 240 184 330 Z" fill="#8d7d70"/>${lines.join('')}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 80 }).toBuffer();
}

/** A face of a placeholder kind. */
export function facePicture(random: Random): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="420" height="420"><rect width="420" height="420" fill="${random.pick(cloths)}"/>
    <circle cx="210" cy="170" r="90" fill="#8d7d70"/><path d="M60 420 Q210 220 360 420 Z" fill="${random.pick(colours)}"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 80 }).toBuffer();
}
