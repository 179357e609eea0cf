// Formats times as a phone in Japan does.

let zone = "Asia/Tokyo";

export function useZone(name) {
  zone = name;
}

function format(ms, options) {
  return new Intl.DateTimeFormat("ja-JP", { timeZone: zone, ...options }).format(new Date(ms));
}

export const clockTime = (ms) => format(ms, { hour: "numeric", minute: "2-digit" });
export const dayKey = (ms) => format(ms, { year: "numeric", month: "2-digit", day: "2-digit" });
export const shortDay = (ms) => format(ms, { month: "numeric", day: "numeric" });
export const longDay = (ms) => format(ms, { year: "numeric", month: "long", day: "numeric", weekday: "short" });

export function dividerDay(ms, now) {
  if (dayKey(ms) === dayKey(now)) return "今日";
  if (dayKey(ms) === dayKey(now - 86_400_000)) return "昨日";
  const sameYear = format(ms, { year: "numeric" }) === format(now, { year: "numeric" });
  return format(ms, { ...(sameYear ? {} : { year: "numeric" }), month: "numeric", day: "numeric", weekday: "short" });
}

export function listTime(ms, now) {
  if (dayKey(ms) === dayKey(now)) return clockTime(ms);
  if (dayKey(ms) === dayKey(now - 86_400_000)) return "昨日";
  return format(ms, { month: "numeric", day: "numeric" });
}
