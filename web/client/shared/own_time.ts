/** Hours are written by the operator's clock. Where the device's clock shows another time, that stands beside it. */
import { el } from "./dom";
import { clock, text, weekday } from "./texts";

/** Every `[data-zone]` below root, each with one `<time>` or with two, a beginning and an end. */
export function addOwnTimes(root: ParentNode): void {
  for (const place of root.querySelectorAll<HTMLElement>("[data-zone]")) {
    const moments = Array.from(place.querySelectorAll("time"), (time) => new Date(time.dateTime));
    const [first] = moments;
    if (first === undefined || place.dataset.own !== undefined) continue;
    place.dataset.own = "";
    const theirs = words(moments, place.dataset.zone);
    const day = weekday(first);
    const otherDay = day !== weekday(first, place.dataset.zone);
    const ours = words(moments);
    if (ours === theirs && !otherDay) continue;
    const time = otherDay ? `${day} ${ours}` : ours;
    place.append(" ", el("span", "own", `(${text("own_time", { time })})`));
  }
}

function words(moments: readonly Date[], timeZone?: string): string {
  return moments.map((at) => clock(at, timeZone).replace(/^0/, "")).join("–");
}
