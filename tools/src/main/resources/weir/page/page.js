"use strict";
/*
 * The page: three views over the answers at api/, asked again every five seconds.
 *
 * The address holds what is looked at: #/, #/site/17, #/election, and ?range=6h. Rows and charts
 * are changed in place, so that focus, scroll position and the chart's cursor survive a refresh.
 */

const REFRESH_MILLIS = 5000;
const TIMEOUT_MILLIS = 15000;
const RANGES = { "1h": 3600, "6h": 21600, "24h": 86400, "7d": 604800 };
const POINTS = 300;
const MOST_FILLED_POINTS = 5000;
/** Rows older than this are of the past: the range ends at the newest row, not now. */
const OLD_SECONDS = 900;
const HIGH_ERROR_RATE = 0.1;
/** Rows of a table of shares; what is behind them is added up. */
const MOST_SHARES = 20;

const $ = (id) => document.getElementById(id);

/* ---- words and numbers ---- */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const oneDigit = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDigits = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const regions = new Intl.DisplayNames("en", { type: "region" });

const isGiven = (value) => value !== null && value !== undefined;
const count = (n) => (isGiven(n) ? whole.format(n) : "–");
const percent = (rate) => (isGiven(rate) ? twoDigits.format(100 * rate) + " %" : "–");
const millis = (n) => (isGiven(n) ? oneDigit.format(n) + " ms" : "–");
const iso = (seconds) => new Date(seconds * 1000).toISOString();
const day = (seconds) => iso(seconds).slice(0, 10);
const clock = (seconds) => iso(seconds).slice(11, 16);
const minute = (seconds) => (isGiven(seconds) ? day(seconds) + " " + clock(seconds) : "–");
const second = (seconds) => iso(seconds).slice(11, 19);
const many = (n, one, more) => count(n) + " " + (n === 1 ? one : more);

const MEANINGS = {
  200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
  301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
  307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized",
  403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout",
  409: "Conflict", 410: "Gone", 413: "Content Too Large", 422: "Unprocessable Content",
  429: "Too Many Requests", 499: "Client Closed Request", 500: "Internal Server Error",
  501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
};
const CLASSES = { 1: "Informational", 2: "Success", 3: "Redirect", 4: "Client error", 5: "Server error" };
const meaning = (status) => MEANINGS[status] || CLASSES[String(status)[0]] || "";

function country(code) {
  try {
    return regions.of(code) || code;
  } catch {
    return code; // not two letters: the log said something else
  }
}

/* ---- elements ---- */

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (isGiven(text)) element.textContent = text;
  return element;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Named numbers, large. */
function tiles(list, numbers) {
  while (list.children.length < numbers.length) {
    const tile = make("div");
    tile.append(make("dt"), make("dd"));
    list.append(tile);
  }
  numbers.forEach(([name, value], i) => {
    say(list.children[i].firstChild, name);
    say(list.children[i].lastChild, value);
  });
}

/**
 * A table whose rows stay the same elements as long as their key is there.
 *
 * columns: {title, text(row), sort(row)?, href(row)?, share(row)?, high(row)?, isText?, isWide?}
 */
class Table {
  constructor(place, caption, columns, key, sorted) {
    this.columns = columns;
    this.key = key;
    this.caption = caption;
    this.sorted = sorted; // {column, isUp}, or undefined for the order of the answer
    this.table = make("table", "numbers");
    this.table.setAttribute("aria-label", caption);
    const head = make("tr");
    columns.forEach((column, i) => head.append(this.header(column, i)));
    this.table.append(make("thead"), make("tbody"));
    this.table.tHead.append(head);
    this.body = this.table.tBodies[0];
    this.nothing = make("p", "nothing", "Nothing in this time.");
    place.replaceChildren(this.table, this.nothing);
    this.rows = [];
  }

  header(column, i) {
    const cell = make("th", this.classOf(column));
    cell.scope = "col";
    if (column.sort && this.sorted) {
      const button = make("button", "", column.title);
      button.type = "button";
      button.addEventListener("click", () => {
        const isUp = this.sorted.column === i ? !this.sorted.isUp : Boolean(column.isText);
        this.sorted = { column: i, isUp };
        this.show(this.rows);
      });
      cell.append(button);
    } else {
      cell.textContent = column.title;
    }
    return cell;
  }

  classOf(column) {
    return [column.isText && "text", column.isWide && "wide", column.share && "share"].filter(Boolean).join(" ");
  }

  show(rows) {
    this.rows = rows;
    this.table.hidden = rows.length === 0;
    this.nothing.hidden = rows.length > 0;
    const focused = document.activeElement;
    const old = new Map([...this.body.rows].map((row) => [row.dataset.key, row]));
    this.inOrder(rows).forEach((values, i) => {
      const key = String(this.key(values));
      const row = old.get(key) || this.emptyRow(key);
      old.delete(key);
      this.columns.forEach((column, c) => this.fill(row.cells[c], column, values));
      if (this.body.rows[i] !== row) this.body.insertBefore(row, this.body.rows[i] || null);
    });
    old.forEach((row) => row.remove());
    if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  }

  inOrder(rows) {
    if (!this.sorted) return rows;
    const { column, isUp } = this.sorted;
    [...this.table.tHead.rows[0].cells].forEach((cell, i) => {
      if (i === column) cell.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      else cell.removeAttribute("aria-sort");
    });
    const value = this.columns[column].sort;
    const compare = (a, b) => {
      const [x, y] = [value(a), value(b)];
      if (!isGiven(x) || !isGiven(y)) return isGiven(y) - isGiven(x);
      const order = typeof x === "string" ? x.localeCompare(y, "en", { numeric: true }) : x - y;
      return isUp ? order : -order;
    };
    return [...rows].sort(compare);
  }

  emptyRow(key) {
    const row = make("tr");
    row.dataset.key = key;
    for (const column of this.columns) {
      const cell = make("td", this.classOf(column));
      if (column.href) cell.append(make("a"));
      if (column.share) {
        const bar = make("div");
        bar.append(make("i"), make("span"));
        cell.append(bar);
      }
      row.append(cell);
    }
    return row;
  }

  fill(cell, column, values) {
    const text = column.text(values);
    if (column.href) {
      const href = column.href(values);
      if (cell.firstChild.getAttribute("href") !== href) cell.firstChild.setAttribute("href", href);
      say(cell.firstChild, text);
    } else if (column.share) {
      cell.firstChild.firstChild.style.width = (100 * column.share(values)).toFixed(1) + "%";
      say(cell.firstChild.lastChild, text);
    } else {
      const isHigh = Boolean(column.high && column.high(values));
      cell.classList.toggle("high", isHigh);
      say(cell, isHigh ? "▲ " + text : text);
    }
  }
}

/* ---- charts ---- */

/** The colour that a custom property has now, as a canvas wants it. */
function colour(name) {
  const probe = make("span");
  probe.style.color = "var(--" + name + ")";
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function axisTimes(u, splits, axis, space, increment) {
  let before = "";
  return splits.map((at) => {
    const date = day(at);
    if (increment >= 86400) return date.slice(5);
    const isNewDay = date !== before;
    before = date;
    return isNewDay ? clock(at) + "\n" + date : clock(at);
  });
}

/** Marks the times whose numbers may still change by hatching. */
function hatch(u, spans) {
  const { left, top, width, height } = u.bbox;
  const context = u.ctx;
  context.save();
  context.beginPath();
  for (const [from, to] of spans) {
    const x1 = Math.max(left, u.valToPos(from, "x", true));
    const x2 = Math.min(left + width, u.valToPos(to, "x", true));
    if (x2 > x1) context.rect(x1, top, Math.max(2, x2 - x1), height);
  }
  context.clip();
  context.strokeStyle = colour("hatch");
  context.lineWidth = devicePixelRatio;
  context.beginPath();
  for (let x = left - height; x < left + width; x += 8 * devicePixelRatio) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}

/**
 * Lines over time, with the same numbers as a table. The arrow keys move the cursor.
 *
 * series: {name, colour, dash?, isFilled?, show(value)}
 */
class Chart {
  constructor(place, title, series, axis) {
    this.series = series;
    this.axis = axis;
    this.range = [0, 1];
    this.provisional = [];
    this.data = [[], ...series.map(() => [])];
    const panel = make("section", "panel");
    this.heading = make("h2", "", title + " ");
    this.unit = make("small");
    this.heading.append(this.unit);
    this.plot = make("div", "plot");
    this.plot.tabIndex = 0;
    this.plot.setAttribute("role", "group");
    this.plot.setAttribute("aria-label", "Chart: " + title + ". Arrow keys move through the points; the numbers are below as a table.");
    this.plot.addEventListener("keydown", (event) => this.step(event));
    this.plot.addEventListener("blur", () => this.point(null));
    this.details = make("details");
    this.details.append(make("summary", "", "The numbers of this chart"), make("div", "scroll"));
    this.details.lastChild.tabIndex = 0;
    this.details.addEventListener("toggle", () => this.tabulate());
    this.nothing = make("p", "nothing", "Nothing in this time.");
    panel.append(this.heading, this.plot, this.nothing, this.details);
    place.replaceChildren(panel);
    const columns = [
      { title: "UTC", text: (row) => minute(row[0]), isText: true },
      ...series.map((s, i) => ({ title: s.name, text: (row) => s.show(row[i + 1]) })),
    ];
    this.table = new Table(this.details.lastChild, title, columns, (row) => row[0]);
    new ResizeObserver(() => this.resize()).observe(this.plot);
  }

  options() {
    const last = (values) => values.findLast(isGiven);
    const axis = { stroke: colour("soft"), grid: { stroke: colour("grid"), width: 1 }, ticks: { stroke: colour("line"), width: 1 }, font: "12px system-ui, sans-serif" };
    const dashes = { undefined: "solid", "2,4": "dotted" };
    return {
      width: this.plot.clientWidth,
      height: 240,
      padding: [10, 20, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      cursor: { sync: { key: "times" }, drag: { x: false, y: false } },
      legend: { markers: { width: 3, dash: (u, i) => dashes[this.series[i - 1].dash] || "dashed" } },
      scales: {
        x: { range: () => this.range },
        y: { range: (u, least, most) => [0, isGiven(most) && most > 0 ? most * 1.08 : 1] },
      },
      axes: [
        { ...axis, values: axisTimes, size: 44, space: 70 },
        { ...axis, values: (u, splits) => splits.map(this.axis), size: 58 },
      ],
      series: [
        { label: "UTC", value: (u, at) => (isGiven(at) ? minute(at) : "newest") },
        ...this.series.map((s, i) => ({
          label: s.name,
          stroke: colour(s.colour),
          fill: s.isFilled ? colour(s.colour).replace("rgb(", "rgba(").replace(")", ", 0.12)") : undefined,
          width: 2,
          dash: s.dash ? s.dash.split(",").map(Number) : undefined,
          points: { size: 5 },
          value: (u, value, series, at) => s.show(isGiven(at) ? value : last(this.data[i + 1])),
        })),
      ],
      hooks: { drawClear: [(u) => hatch(u, this.provisional)] },
    };
  }

  /** data: columns, the first one times in seconds; step: seconds from point to point. */
  show(data, range, step, provisional) {
    this.data = data;
    this.range = range;
    this.provisional = provisional;
    say(this.unit, { 60: "by minute", 3600: "by hour", 86400: "by day" }[step] || "");
    const isEmpty = data[0].length === 0;
    this.plot.hidden = this.details.hidden = isEmpty;
    this.nothing.hidden = !isEmpty;
    if (isEmpty) return;
    if (this.chart) this.chart.setData(data);
    else this.chart = new uPlot(this.options(), data, this.plot);
    this.tabulate();
  }

  tabulate() {
    if (!this.details.open) return;
    this.table.show(this.data[0].map((at, i) => this.data.map((column) => column[i])).reverse());
  }

  resize() {
    if (this.chart && this.plot.clientWidth > 0 && this.plot.clientWidth !== this.chart.width) {
      this.chart.setSize({ width: this.plot.clientWidth, height: this.chart.height });
    }
  }

  /** With the colours of the theme that holds now. */
  repaint() {
    if (!this.chart) return;
    this.chart.destroy();
    this.chart = new uPlot(this.options(), this.data, this.plot);
  }

  step(event) {
    const lastPoint = this.data[0].length - 1;
    const at = this.chart && isGiven(this.chart.cursor.idx) ? this.chart.cursor.idx : lastPoint + 1;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: lastPoint }[event.key];
    if (!isGiven(to)) return;
    event.preventDefault();
    this.point(Math.max(0, Math.min(lastPoint, to)));
  }

  point(i) {
    if (!this.chart) return;
    if (i === null) this.chart.setCursor({ left: -10, top: -10 });
    else this.chart.setCursor({ left: this.chart.valToPos(this.data[0][i], "x"), top: 10 });
  }
}

/* ---- answers ---- */

class Unanswered extends Error {}

async function ask(name, parameters, signal) {
  let response;
  let body;
  try {
    response = await fetch("api/" + name + "?" + new URLSearchParams(parameters), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MILLIS)]),
    });
    body = await response.json();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Unanswered("the page's server does not answer");
  }
  if (!response.ok) throw new Unanswered(body.error || "the page's server answers " + response.status);
  return body;
}

/** Rows as objects by column. */
function objects(answer) {
  return answer.rows.map((row) => Object.fromEntries(answer.columns.map((name, i) => [name, row[i]])));
}

/** Seconds from bucket to bucket, which the answer does not say: a minute, an hour or a day. */
function stepOf(rows, span) {
  const isAll = (step) => rows.every((row) => row.time % step === 0);
  if (rows.length < 3 && span <= 86400) return 60;
  return isAll(86400) ? 86400 : isAll(3600) ? 3600 : 60;
}

/**
 * Columns for a chart. A bucket without a row had no requests: 0 where counts are asked, and a gap
 * in the line otherwise.
 */
function series(answer, names, absent, when) {
  const rows = objects(answer);
  const step = stepOf(rows, when.dataTo - when.dataFrom);
  const data = [[], ...names.map(() => [])];
  const add = (time, row) => {
    data[0].push(time);
    names.forEach((name, i) => data[i + 1].push(row ? row[name] : absent));
  };
  const isFilled = rows.length > 0 && (when.dataTo - when.dataFrom) / step < MOST_FILLED_POINTS;
  let next = Math.ceil(when.dataFrom / step) * step;
  const fill = (until) => {
    for (; isFilled && next < until; next += step) add(next, null);
  };
  for (const row of rows) {
    fill(row.time);
    add(row.time, row);
    next = row.time + step;
  }
  fill(when.dataTo);
  return { data, step };
}

/* ---- views ---- */

const state = { view: "overview", site: null, range: "1h", drawn: false, shownAt: null };
const drawn = {}; // charts and tables by view and slot, made once
const slot = (view, name) => $(view).querySelector('[data-slot="' + name + '"]');
const once = (name, makeIt) => drawn[name] || (drawn[name] = makeIt());

function hash(view, site) {
  const path = { overview: "#/", election: "#/election", site: "#/site" + (site ? "/" + site : "") }[view];
  return path + (state.range === "1h" ? "" : "?range=" + state.range);
}

function drawTraffic(view, answer, when) {
  const { data, step } = series(answer, ["requests", "errors"], 0, when);
  once(view + " requests", () => new Chart(slot(view, "requests"), "Requests and errors", [
    { name: "Requests", colour: "requests", isFilled: true, show: count },
    { name: "Errors", colour: "errors", dash: "6,3", show: count },
  ], (n) => compact.format(n))).show(data, when.range, step, when.provisional);
}

function drawTimes(view, answer, when) {
  const { data, step } = series(answer, ["p50", "p95", "p99"], null, when);
  once(view + " times", () => new Chart(slot(view, "times"), "Response times, ms", [
    { name: "p50", colour: "p50", dash: "2,4", show: millis },
    { name: "p95", colour: "p95", show: millis },
    { name: "p99", colour: "p99", dash: "8,4", show: millis },
  ], (n) => compact.format(n))).show(data, when.range, step, when.provisional);
}

function drawVisitors(view, answer, when) {
  const { data, step } = series(answer, ["unique_visitors"], 0, when);
  once(view + " visitors", () => new Chart(slot(view, "visitors"), "Unique visitors", [
    { name: "Visitors", colour: "visitors", isFilled: true, show: count },
  ], (n) => compact.format(n))).show(data, when.range, step, when.provisional);
}

function drawTotals(view, answer) {
  const totals = objects(answer)[0] || {};
  tiles(slot(view, "totals"), [
    ["Requests", count(totals.requests || 0)],
    ["Error rate", percent(totals.error_rate)],
    ["Unique visitors", count(totals.unique_visitors)],
    ["p95 response time", millis(totals.p95_msec)],
  ]);
}

function drawSites(answer) {
  const rows = objects(answer);
  const most = Math.max(1, ...rows.map((row) => row.requests));
  once("sites", () => new Table(slot("overview", "sites"), "Sites", [
    { title: "Site", text: (row) => row.domain, sort: (row) => row.domain, href: (row) => hash("site", row.site_id), isText: true },
    { title: "Requests", text: (row) => count(row.requests), sort: (row) => row.requests, share: (row) => row.requests / drawn.sites.most },
    { title: "Errors", text: (row) => percent(row.error_rate), sort: (row) => row.error_rate, high: (row) => row.error_rate >= HIGH_ERROR_RATE },
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

/** Which buckets are not final: their times, and what that means in words. Without a state there is no row. */
function unfinished(answer, span) {
  const rows = objects(answer);
  const step = stepOf(rows, span);
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

function drawElections(answer) {
  const rows = objects(answer).reverse();
  once("elections", () => new Table(slot("election", "elections"), "Elections", [
    { title: "UTC", text: (row) => minute(row.time), isText: true },
    { title: "Candidates", text: (row) => count(row.candidates) },
    { title: "In the list", text: (row) => count(row.sites) },
    { title: "Came", text: (row) => count(row.entered) },
    { title: "Left", text: (row) => count(row.left_the_list) },
  ], (row) => row.time)).show(rows);
  const last = rows[0];
  tiles(slot("election", "last"), [
    [last ? "Election of " + day(last.time) : "Last election", last ? clock(last.time) + " UTC" : "none"],
    ["Candidates", count(last && last.candidates)],
    ["Sites in the list", count(last && last.sites)],
    ["Came / left", last ? count(last.entered) + " / " + count(last.left_the_list) : "–"],
  ]);
}

function drawTopSites(answer) {
  once("list", () => new Table(slot("election", "list"), "Top websites", [
    { title: "Rank", text: (row) => count(row.rank) },
    { title: "Site", text: (row) => row.site, isText: true },
    { title: "Requests", text: (row) => count(row.total_hits) },
    { title: "Last election", text: (row) => count(row.last_election_hits) },
    { title: "By hour", text: (row) => count(row.average_hits_per_hour) },
    { title: "Elected", text: (row) => many(row.times_elected, "time", "times"), isWide: true },
    { title: "First seen, UTC", text: (row) => minute(row.first_seen), isWide: true },
    { title: "Last seen, UTC", text: (row) => minute(row.last_seen), isWide: true },
  ], (row) => row.site)).show(objects(answer));
}

function drawName(answer) {
  const row = objects(answer)[0];
  say(slot("site", "name"), row && row.domain !== "site " + state.site ? row.domain + ", site " + state.site : "Site " + state.site);
  document.title = slot("site", "name").textContent + " - Weir";
}

function drawChoice(answer) {
  const options = objects(answer).map((row) => {
    const option = make("option", "", row.domain);
    option.value = row.site_id;
    return option;
  });
  $("site-ids").replaceChildren(...options);
}

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
