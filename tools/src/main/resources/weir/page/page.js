/*
 * The page: three views over the answers at api/, asked again every five seconds.
 *
 * The address holds what is looked at: #/, #/site/17, #/election, and ?range=6h. Rows and charts
 * are changed in place, so that focus, scroll position and the chart's cursor survive a refresh.
 */

import { ask, objects, Unanswered } from "./answers.js";
import { Chart } from "./chart.js";
import { clock, count, country, isGiven, meaning, minute, second } from "./numbers.js";
import { say } from "./table.js";
import {
  drawChoice, drawElections, drawn, drawName, drawShares, drawSites, drawTimes, drawTopSites, drawTotals, drawTraffic,
  drawVisitors, hash, slot, state, unfinished,
} from "./views.js";

const REFRESH_MILLIS = 5000;
const RANGES = { "1h": 3600, "6h": 21600, "24h": 86400, "7d": 604800 };
const POINTS = 300;
/** Rows older than this are of the past: the range ends at the newest row, not now. */
const OLD_SECONDS = 900;

const $ = (id) => document.getElementById(id);

/** The range asked for, in whole minutes; it ends now, or at the newest row when that is old. */
function rangeOf(store) {
  const isOld = store.now - store.newest > OLD_SECONDS;
  const to = isOld ? store.newest + 60 : Math.ceil((store.now + 1) / 60) * 60;
  const from = state.range === "all" ? Math.min(store.oldest, to - 60) : to - RANGES[state.range];
  return { from, to, isOld };
}

/** An election is named for the end of its window, which may lie behind the newest minute. */
const endOf = (name, range) => range.to + (name === "elections" ? 86400 : 0);

/** Draws every answer that comes; the first failure is thrown when all have come or failed. */
async function drawAll(signal, range, parts) {
  const outcomes = await Promise.allSettled(parts.map(([name, site]) =>
    ask(name, { from: range.from, to: endOf(name, range), site: site || 0, points: POINTS }, signal)));
  signal.throwIfAborted();
  outcomes.forEach((outcome, i) => {
    if (outcome.status === "fulfilled") parts[i][2](outcome.value);
  });
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}

async function draw(signal) {
  const store = await ask("store", {}, signal);
  const isEmpty = store.newest === null;
  const { view } = state;
  if (isEmpty) {
    show("empty");
    say($("status"), "No rows yet, asked at " + second(store.now) + " UTC");
    return;
  }
  const range = rangeOf(store);
  const when = { range: [range.from, range.to], dataFrom: Math.max(range.from, store.oldest), dataTo: store.newest + 1, provisional: [] };
  const mark = (answer) => {
    const { spans, words } = unfinished(answer, when.dataTo - when.dataFrom);
    when.provisional = spans;
    say(slot(view, "provisional"), words);
  };
  if (view === "site" && !state.site) {
    const busiest = objects(await ask("sites", { from: range.from, to: range.to }, signal))[0];
    state.site = busiest ? busiest.site_id : 1;
  }
  const { site } = state;
  const parts = {
    overview: [
      ["provisional", 0, mark],
      ["totals", 0, (answer) => drawTotals("overview", answer)],
      ["requests", 0, (answer) => drawTraffic("overview", answer, when)],
      ["response_times", 0, (answer) => drawTimes("overview", answer, when)],
      ["sites", 0, drawSites],
    ],
    site: [
      ["provisional", site, mark],
      ["sites", site, drawName],
      ["totals", site, (answer) => drawTotals("site", answer)],
      ["requests", site, (answer) => drawTraffic("site", answer, when)],
      ["response_times", site, (answer) => drawTimes("site", answer, when)],
      ["unique_visitors", site, (answer) => drawVisitors("site", answer, when)],
      ["status_codes", site, (answer) => drawShares("codes", answer, [
        { title: "Code", text: (row) => String(row.status), isText: true },
        { title: "Meaning", text: (row) => (row.others ? count(row.others) + " others" : meaning(row.status)), isText: true },
      ], "status")],
      ["countries", site, (answer) => drawShares("countries", answer, [
        { title: "Code", text: (row) => row.country, isText: true },
        { title: "Country", text: (row) => (row.others ? count(row.others) + " others" : country(row.country)), isText: true },
      ], "country")],
      ["sites", 0, drawChoice],
    ],
    election: [
      ["elections", 0, drawElections],
      ["top_sites", 0, drawTopSites],
    ],
  }[view];
  if (view !== "site") document.title = { overview: "Weir", election: "Top websites - Weir" }[view];
  show(view); // before the charts, which take their width from the page
  const span = minute(range.from) + " to " + minute(range.to) + " UTC";
  say(slot(view, "range"), view === "election" ? "of " + span : span);
  if (state.isArriving) {
    state.isArriving = false;
    $(view).querySelector("h1").focus({ preventScroll: true });
  }
  await drawAll(signal, range, parts);
  state.shownAt = store.now;
  if (performance.getEntriesByName("drawn").length === 0) performance.mark("drawn");
  say($("status"), range.isOld
    ? "The newest minute is " + minute(store.newest) + " UTC: times end there"
    : "Live: numbers of " + second(store.now) + " UTC, newest minute " + clock(store.newest));
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

/** Draws now, and again every few seconds; a drawing under way is given up. */
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

function readAddress() {
  const [path, parameters] = location.hash.replace(/^#\/?/, "").split("?");
  const [view, site] = path.split("/");
  const range = new URLSearchParams(parameters || "").get("range");
  state.view = ["site", "election"].includes(view) ? view : "overview";
  state.site = /^[1-9][0-9]{0,9}$/.test(site || "") ? Number(site) : null;
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
    location.hash = hash("site", Number($("site-id").value));
    $("site-id").value = "";
  });
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
  say(slot("site", "name"), state.site ? "Site " + state.site : "One site");
  say(slot("site", "provisional"), "");
}

start();
