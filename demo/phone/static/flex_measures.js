// LINE's size keywords in pixels, and the checks that let only valid measures into styles.

const STEPS = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const FONTS = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const IMAGES = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
const BORDERS = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
export const BUBBLES = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 386 };

const measured = (value) => (/^-?\d+(\.\d+)?(px|%)$/.test(value ?? "") ? value : undefined);
const word = (table, value) => (value in table ? `${table[value]}px` : undefined);
const either = (table, value) => (value === undefined ? undefined : (word(table, value) ?? measured(value)));

export const step = (value) => either(STEPS, value);
export const font = (value) => either(FONTS, value);
export const border = (value) => either(BORDERS, value);
export const length = (value) => measured(value);
export const imageSize = (value = "md") => (value === "full" ? "100%" : either(IMAGES, value));
export const color = (value) => (/^#([0-9a-f]{6}|[0-9a-f]{8})$/i.test(value ?? "") ? value : undefined);

export function ratio(value = "1:1") {
  const found = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(value);
  return found ? `${found[1]} / ${found[2]}` : "1 / 1";
}

export function gradient(background) {
  if (background?.type !== "linearGradient" || !/^\d+(\.\d+)?deg$/.test(background.angle)) return undefined;
  const [start, middle, end] = [background.startColor, background.centerColor, background.endColor].map(color);
  if (!start || !end) return undefined;
  const centre = /^\d+(\.\d+)?%$/.test(background.centerPosition ?? "") ? background.centerPosition : "50%";
  return `linear-gradient(${background.angle}, ${start}, ${middle ? `${middle} ${centre}, ` : ""}${end})`;
}
