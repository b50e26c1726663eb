/** What each view draws of the answers. */

import { objects, series } from "./answers.js";
import { Chart } from "./chart.js";
import { clock, compact, count, country, day, isGiven, many, meaning, millis, minute, percent } from "./numbers.js";
import { make, say, Table, tiles } from "./table.js";

const HIGH_ERROR_RATE = 0.1;
/** The most rows in a table of shares; the others are added up in one. */
const MOST_SHARES = 20;

export const state = { view: "overview", site: null, range: "1h", shownAt: null };
export const drawn = {}; // charts and tables by view and slot, made once
export const slot = (view, name) => document.getElementById(view).querySelector('[data-slot="' + name + '"]');
const once = (name, makeIt) => drawn[name] || (drawn[name] = makeIt());

export function hash(view, site, range = state.range) {
  const path = { overview: "#/", election: "#/election", site: "#/site" + (site ? "/" + encodeURIComponent(site) : "") }[view];
  return path + (range === "1h" ? "" : "?range=" + range);
}

export function drawTraffic(view, answer, when) {
  const { data, step } = series(answer, ["requests", "errors"], 0, when);
  once(view + " requests", () => new Chart(slot(view, "requests"), "Requests and errors", [
    { name: "Requests", colour: "requests", isFilled: true, show: count },
    { name: "Errors", colour: "errors", dash: "6,3", show: count },
  ], (n) => compact.format(n))).show(data, step, when);
}

export function drawTimes(view, answer, when) {
  const { data, step } = series(answer, ["p50", "p95", "p99"], null, when);
  once(view + " times", () => new Chart(slot(view, "times"), "Response times, ms", [
    { name: "p50", colour: "p50", dash: "2,4", show: millis },
    { name: "p95", colour: "p95", show: millis },
    { name: "p99", colour: "p99", dash: "8,4", show: millis },
  ], (n) => compact.format(n))).show(data, step, when);
}

export function drawVisitors(view, answer, when) {
  const { data, step } = series(answer, ["unique_visitors"], 0, when);
  once(view + " visitors", () => new Chart(slot(view, "visitors"), "Unique visitors", [
    { name: "Visitors", colour: "visitors", isFilled: true, show: count },
  ], (n) => compact.format(n))).show(data, step, when);
}

export function drawTotals(view, answer) {
  const totals = objects(answer)[0] || {};
  tiles(slot(view, "totals"), [
    ["Requests", count(totals.requests || 0)],
    ["Error rate", percent(totals.error_rate)],
    ["Unique visitors", count(totals.unique_visitors)],
    ["p95 response time", millis(totals.p95_msec)],
  ]);
}

export function drawSites(answer) {
  const rows = objects(answer);
  const most = Math.max(1, ...rows.map((row) => row.requests));
  once("sites", () => new Table(slot("overview", "sites"), "Sites", [
    { title: "Site", text: (row) => row.domain, sort: (row) => row.domain, href: (row) => hash("site", row.site_id), isText: true },
    { title: "Requests", text: (row) => count(row.requests), sort: (row) => row.requests, share: (row) => row.requests / drawn.sites.most },
    { title: "Error rate", text: (row) => percent(row.error_rate), sort: (row) => row.error_rate, high: (row) => row.error_rate >= HIGH_ERROR_RATE },
    { title: "p95", text: (row) => millis(row.p95_msec), sort: (row) => row.p95_msec },
    { title: "Visitors", text: (row) => count(row.unique_visitors), sort: (row) => row.unique_visitors },
  ], (row) => row.site_id, { column: 1, isUp: false })).most = most;
  drawn.sites.show(rows);
}

const sum = (rows) => rows.reduce((requests, row) => requests + row.requests, 0);

function drawShares(name, answer, columns, key) {
  const all = sum(objects(answer));
  const rows = objects(answer).slice(0, MOST_SHARES);
  const others = objects(answer).slice(MOST_SHARES);
  if (others.length > 0) rows.push({ [key]: "", others: others.length, requests: sum(others) });
  const table = once(name, () => new Table(slot("site", name), name, [
    ...columns,
    { title: "Requests", text: (row) => count(row.requests) },
    { title: "Share", text: (row) => percent(row.requests / drawn[name].all), share: (row) => row.requests / drawn[name].all },
  ], (row) => row[key]));
  table.all = all;
  table.show(rows);
}

/** What a row of a table of shares is called; the last may stand for all the others. */
const called = (row, name) => (row.others ? many(row.others, "other", "others") : name);

export const drawCodes = (answer) => drawShares("codes", answer, [
  { title: "Code", text: (row) => String(row.status), isText: true },
  { title: "Meaning", text: (row) => called(row, meaning(row.status)), isText: true },
], "status");

export const drawCountries = (answer) => drawShares("countries", answer, [
  { title: "Code", text: (row) => row.country, isText: true },
  { title: "Country", text: (row) => called(row, country(row.country)), isText: true },
], "country");

/** Which buckets are not final: their times, and what that means in words. */
export function unfinished(answer) {
  const rows = objects(answer);
  const { step } = answer;
  const times = rows.filter((row) => row.state && row.state !== "final").map((row) => row.time);
  const name = { 60: "minute", 3600: "hour", 86400: "day" }[step];
  const shown = step === 86400 ? day : minute;
  const of = (state) => rows.filter((row) => row.state === state);
  const words = [[of("provisional"), "provisional: late requests still add to"], [of("not whole"), "not whole: the job began within"]]
    .filter(([those]) => those.length > 0)
    .map(([those, state]) => {
      const [first, last] = [shown(those[0].time), shown(those.at(-1).time)];
      return those.length === 1
        ? `The ${name} ${first} UTC is ${state} it.`
        : `${count(those.length)} ${name}s between ${first} and ${last} UTC are ${state} them.`;
    });
  return { spans: times.map((time) => [time, time + step]), words: words.join(" ") };
}

/** The list of elections held in the range, and the last one, which may lie before it. */
export function drawElections(answer, range) {
  const rows = objects(answer).reverse();
  once("elections", () => new Table(slot("election", "elections"), "Elections", [
    { title: "UTC", text: (row) => minute(row.time), isText: true },
    { title: "Candidates", text: (row) => count(row.candidates) },
    { title: "In the list", text: (row) => count(row.sites) },
    { title: "Entered", text: (row) => count(row.entered) },
    { title: "Left", text: (row) => count(row.left_the_list) },
  ], (row) => row.time)).show(rows.filter((row) => row.time >= range.from));
  const last = rows[0];
  tiles(slot("election", "last"), [
    [last ? "Last election, " + day(last.time) : "Last election", last ? clock(last.time) + " UTC" : "none in 7 days"],
    ["Its candidates", count(last && last.candidates)],
    ["Sites in the list", count(last && last.sites)],
    ["Entered / left", last ? count(last.entered) + " / " + count(last.left_the_list) : "–"],
  ]);
}

export function drawTopSites(answer) {
  once("list", () => new Table(slot("election", "list"), "Top websites", [
    { title: "Rank", text: (row) => count(row.rank) },
    { title: "Site", text: (row) => row.site, href: (row) => hash("site", row.site_id), isText: true },
    { title: "Requests", text: (row) => count(row.total_hits) },
    { title: "Last election", text: (row) => count(row.last_election_hits), isWide: true },
    { title: "Requests an hour", text: (row) => count(row.average_hits_per_hour) },
    { title: "Elected", text: (row) => many(row.times_elected, "time", "times"), isWide: true },
    { title: "First seen, UTC", text: (row) => minute(row.first_seen), isWide: true },
    { title: "Last seen, UTC", text: (row) => minute(row.last_seen), isWide: true },
  ], (row) => row.site_id)).show(objects(answer));
}

/** What a site is called: by its domain and its number, when it has a domain. */
const nameOf = ({ site, domain }) => (domain ? domain + ", site " + site : "Site " + site);

/** The heading, and the box in which another site can be typed, unless somebody does. */
export function drawName(known) {
  const name = known.site !== null ? nameOf(known) : "No such site: " + state.site;
  say(slot("site", "name"), name);
  document.title = name + " - Weir";
  const box = document.getElementById("site-name");
  if (document.activeElement !== box) box.value = known.domain || state.site;
}

/** In the place of zeros: why there are no numbers, and where there are some. */
export function drawAbsent(known, span) {
  const reason = known.site === null ? "The store has no rows of it and no name for it."
    : !isGiven(known.newest) ? "It has a name, but no rows."
    : `It had no requests from ${span}. Its newest were at ${minute(known.newest)} UTC.`;
  say(slot("site", "reason"), reason);
  slot("site", "wider").hidden = !isGiven(known.newest) || state.range === "all";
  slot("site", "wider").setAttribute("href", hash("site", state.site, "all"));
  slot("site", "others").setAttribute("href", hash("overview"));
}

export function drawChoice(answer) {
  const options = objects(answer).map((row) => {
    const hasDomain = row.domain !== "site " + row.site_id;
    const option = make("option", "", hasDomain ? "site " + row.site_id : "");
    option.value = hasDomain ? row.domain : row.site_id;
    return option;
  });
  document.getElementById("site-names").replaceChildren(...options);
}
