/*
 * The page: three views over the answers at api/, asked again every five seconds.
 *
 * The address holds what is looked at: #/, #/site/17, #/election, and ?range=6h. Rows and charts
 * are changed in place, so that focus, scroll position and the chart's cursor survive a refresh.
 */

import { ask, objects, Unanswered } from "./answers.js";
import { Chart } from "./chart.js";
import { clock, isGiven, minute, second } from "./numbers.js";
import { say } from "./table.js";
import {
  drawAbsent, drawChoice, drawCodes, drawCountries, drawElections, drawn, drawName, drawSites, drawTimes, drawTopSites,
  drawTotals, drawTraffic, drawVisitors, hash, slot, state, unfinished,
} from "./views.js";

const REFRESH_MILLIS = 5000;
const RANGES = { "1h": 3600, "6h": 21600, "24h": 86400, "7d": 604800 };
/** Of all sites together fewer: each of their buckets is summed from a row of every site. */
const POINTS = 300;
const POINTS_OF_ALL = 100;
/** Rows older than this are of the past: the range ends at the newest row, not now. */
const OLD_SECONDS = 900;
/** A minute takes up to 60 s to pass, and rows may lag by seconds. */
const LIVE_SECONDS = 90;
const MOST_SITE = 2147483647;

const $ = (id) => document.getElementById(id);

/** The range asked for, in whole minutes; it ends now, or at the newest row when that is old. */
function rangeOf(store) {
  const isOld = store.now - store.newest > OLD_SECONDS;
  const to = isOld ? store.newest + 60 : Math.ceil((store.now + 1) / 60) * 60;
  const from = state.range === "all" ? Math.min(store.oldest, to - 60) : to - RANGES[state.range];
  return { from, to, isOld };
}

const spanOf = (range) => minute(range.from) + " to " + minute(range.to) + " UTC";

/** An election is named for the end of its window, which may lie after the newest minute. */
const ELECTION_AHEAD_SECONDS = 86400;
/** How far back the last election is looked for when the range has none. */
const ELECTION_BACK_SECONDS = 7 * 86400;

/** What is asked of a query: a site or all of them, over the range. */
const question = (range, site = null) =>
  ({ from: range.from, to: range.to, points: site === null ? POINTS_OF_ALL : POINTS, ...(site === null ? {} : { site }) });

const electionQuestion = (range) => ({
  from: Math.max(0, Math.min(range.from, range.to - ELECTION_BACK_SECONDS)),
  to: range.to + ELECTION_AHEAD_SECONDS,
});

/** Draws every answer that comes; the first failure is thrown when all have come or failed. */
async function drawAll(signal, parts) {
  const outcomes = await Promise.allSettled(parts.map(([name, parameters]) => ask(name, parameters, signal)));
  signal.throwIfAborted();
  outcomes.forEach((outcome, i) => {
    if (outcome.status === "fulfilled") parts[i][2](outcome.value);
  });
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}

async function draw(signal) {
  const store = await ask("store", {}, signal);
  const { view } = state;
  if (store.newest === null) {
    show("empty");
    say($("status"), "No rows yet, asked at " + second(store.now) + " UTC");
    return;
  }
  const range = rangeOf(store);
  const when = {
    range: [range.from, range.to],
    dataFrom: Math.max(range.from, store.oldest),
    dataTo: store.newest + 1,
    newest: store.newest,
    now: store.now,
    isLive: store.now - store.newest < LIVE_SECONDS,
    seesElections: store.elections,
    provisional: [],
  };
  const parts = await { overview: overviewParts, site: siteParts, election: electionParts }[view](range, when, signal);
  show(view); // before the charts, which take their width from the page
  say(slot(view, "range"), (view === "election" ? "in the chosen time range, " : "") + spanOf(range));
  if (state.isArriving) {
    state.isArriving = false;
    $(view).querySelector("h1").focus({ preventScroll: true });
  }
  await drawAll(signal, parts);
  state.shownAt = store.now;
  if (performance.getEntriesByName("drawn").length === 0) performance.mark("drawn");
  say($("status"), statusOf(store, range, when));
}

/** The newest minute; live as long as it is one that a job at work may have written just now. */
function statusOf(store, range, when) {
  if (range.isOld) return "The newest minute is " + minute(store.newest) + " UTC: the time range ends there";
  const asked = ", asked at " + second(store.now);
  if (when.isLive) return "Live: newest minute " + clock(store.newest) + " UTC" + asked;
  return "Newest minute " + clock(store.newest) + " UTC, " + Math.floor((store.now - store.newest) / 60) + " min ago" + asked;
}

/** Keeps for the charts which buckets are not final, and says it. */
function mark(view, answer, when) {
  const { spans, words } = unfinished(answer);
  when.provisional = spans;
  say(slot(view, "provisional"), words);
}

function overviewParts(range, when) {
  document.title = "Weir";
  const all = question(range);
  return [
    ["provisional", all, (answer) => mark("overview", answer, when)],
    ["totals", all, (answer) => drawTotals("overview", answer)],
    ["requests", all, (answer) => drawTraffic("overview", answer, when)],
    ["response_times", all, (answer) => drawTimes("overview", answer, when)],
    ["sites", all, drawSites],
  ];
}

/** Of a site without requests in the range there is nothing to ask. */
async function siteParts(range, when, signal) {
  if (!state.site) {
    const busiest = objects(await ask("sites", question(range), signal))[0];
    state.site = busiest ? String(busiest.site_id) : "1";
  }
  const known = await findSite(signal);
  const site = question(range, known.site);
  const totals = known.site !== null ? await ask("totals", site, signal) : null;
  const isPresent = totals !== null && objects(totals)[0].requests > 0;
  $("present").hidden = !isPresent;
  $("absent").hidden = isPresent;
  drawName(known);
  const choices = ["sites", question(range), drawChoice];
  if (!isPresent) {
    drawAbsent(known, spanOf(range));
    return [choices];
  }
  const drawFirst = (answer) => {
    drawTotals("site", totals);
    mark("site", answer, when);
  };
  return [
    ["provisional", site, drawFirst],
    ["requests", site, (answer) => drawTraffic("site", answer, when)],
    ["response_times", site, (answer) => drawTimes("site", answer, when)],
    ["unique_visitors", site, (answer) => drawVisitors("site", answer, when)],
    ["status_codes", site, drawCodes],
    ["countries", site, drawCountries],
    choices,
  ];
}

/** {site, domain, newest} of the site in the address, which is a number or a domain. */
async function findSite(signal) {
  if (/^(0|[1-9][0-9]{0,9})$/.test(state.site) && Number(state.site) <= MOST_SITE) return ask("site", { site: state.site }, signal);
  if (/^[a-z0-9.-]{1,253}$/.test(state.site)) return ask("site", { domain: state.site }, signal);
  return { site: null, domain: null, newest: null };
}

/** A tenant sees those of its own sites that are in the list, and no election. */
function electionParts(range, when) {
  document.title = "Top websites - Weir";
  slot("election", "own").hidden = when.seesElections;
  slot("election", "last").hidden = slot("election", "held").hidden = !when.seesElections;
  const list = ["top_sites", question(range), drawTopSites];
  const held = ["elections", electionQuestion(range), (answer) => drawElections(answer, range)];
  return when.seesElections ? [held, list] : [list];
}

function show(view) {
  for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== view;
}

function warn(error) {
  const reason = error instanceof Unanswered ? error.message : "the page failed: " + error.message;
  const sentence = reason[0].toUpperCase() + reason.slice(1) + ".";
  const shown = state.shownAt ? " The numbers below are of " + second(state.shownAt) + " UTC." : "";
  say($("banner"), sentence + shown + " Asking again every " + REFRESH_MILLIS / 1000 + " s.");
  $("banner").hidden = false;
  say($("status"), "Not live");
}

/* ---- going round ---- */

let going = new AbortController();
let timer;

/** Draws now, and again every few seconds; a drawing under way is abandoned. */
async function go() {
  going.abort();
  clearTimeout(timer);
  going = new AbortController();
  const { signal } = going;
  try {
    if (!document.hidden) {
      await draw(signal);
      $("banner").hidden = true;
      say($("banner"), "");
    }
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Unanswered)) console.error(error);
    warn(error);
  }
  if (!signal.aborted) timer = setTimeout(go, REFRESH_MILLIS);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // somebody typed a % into the address
  }
}

function readAddress() {
  const [path, parameters] = location.hash.replace(/^#\/?/, "").split("?");
  const [view, site] = path.split("/");
  const range = new URLSearchParams(parameters || "").get("range");
  state.view = ["site", "election"].includes(view) ? view : "overview";
  state.site = decoded(site || "").toLowerCase() || null;
  state.range = range in RANGES || range === "all" ? range : "1h";
  for (const link of document.querySelectorAll("nav a")) {
    const isHere = link.dataset.view === state.view;
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    link.setAttribute("href", hash(link.dataset.view));
  }
  document.querySelector(".brand").setAttribute("href", hash("overview"));
  for (const button of $("ranges").children) {
    button.setAttribute("aria-pressed", String(button.dataset.range === state.range));
  }
}

function theme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function showTheme() {
  say($("theme"), theme() === "dark" ? "Light colours" : "Dark colours");
  for (const part of Object.values(drawn)) if (part instanceof Chart) part.repaint();
}

function remembered(value) {
  try {
    if (isGiven(value)) localStorage.setItem("weir-theme", value);
    return localStorage.getItem("weir-theme");
  } catch {
    return null; // storage is switched off: the choice lasts as long as the page
  }
}

function start() {
  const chosen = remembered();
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
  $("theme").addEventListener("click", () => {
    document.documentElement.dataset.theme = theme() === "dark" ? "light" : "dark";
    remembered(theme());
    showTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
  $("ranges").addEventListener("click", (event) => {
    if (!event.target.dataset.range) return;
    state.range = event.target.dataset.range;
    location.hash = hash(state.view, state.site);
  });
  $("choose").addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = hash("site", $("site-name").value.trim());
  });
  $("site-name").addEventListener("focus", (event) => event.target.select());
  $("skip").addEventListener("click", (event) => {
    event.preventDefault();
    $("main").focus();
  });
  addEventListener("hashchange", () => {
    const { view, site } = state;
    readAddress();
    if (state.view !== view || state.site !== site) leave();
    go();
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) go(); });
  readAddress();
  showTheme();
  go();
}

/** Another view or site: the numbers of the old one must not stand under the new name. */
function leave() {
  scrollTo(0, 0);
  state.isArriving = true;
  if (state.view !== "site") return;
  for (const name of Object.keys(drawn)) {
    if (name.startsWith("site ") || name === "codes" || name === "countries") delete drawn[name];
  }
  for (const place of $("site").querySelectorAll("div[data-slot], dl")) place.replaceChildren();
  $("present").hidden = $("absent").hidden = true;
  say(slot("site", "name"), state.site ? "Site " + state.site : "One site");
  say(slot("site", "provisional"), "");
}

start();
