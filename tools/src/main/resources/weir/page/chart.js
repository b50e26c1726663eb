/** Lines over time. */

import { clock, day, isGiven, minute } from "./numbers.js";
import { make, say, Table } from "./table.js";

const MINUTE = 60;

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

/** A hollow point for each number of the newest bucket, which no line leads to. */
function points(u, [at, ...values], series) {
  const context = u.ctx;
  context.save();
  context.setLineDash([]);
  context.lineWidth = 2 * devicePixelRatio;
  context.fillStyle = colour("panel");
  values.forEach((value, i) => {
    if (!isGiven(value)) return;
    context.strokeStyle = colour(series[i].colour);
    context.beginPath();
    context.arc(u.valToPos(at, "x", true), u.valToPos(value, "y", true), 4 * devicePixelRatio, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  });
  context.restore();
}

/**
 * Lines over time, with the same numbers as a table. The arrow keys move the cursor.
 *
 * The newest minute of the store is only part of what it will be, or was cut when the requests
 * ended, and so is an hour or day that lacks minutes after it. A line there would look like a fall,
 * so it is a point of its own.
 *
 * series: {name, colour, dash?, isFilled?, show(value)}
 */
export class Chart {
  constructor(place, title, series, axis) {
    this.series = series;
    this.axis = axis;
    this.data = [[], ...series.map(() => [])];
    const panel = make("section", "panel");
    this.heading = make("h2", "", title + " ");
    this.unit = make("small");
    this.heading.append(this.unit);
    this.plot = make("div", "plot");
    this.plot.tabIndex = 0;
    this.plot.setAttribute("role", "group");
    this.plot.setAttribute("aria-label", "Chart: " + title + ". Arrow keys move through the points; the numbers are below as a table.");
    this.plot.addEventListener("keydown", (event) => this.move(event));
    this.plot.addEventListener("blur", () => this.point(null));
    this.details = make("details");
    this.details.append(make("summary", "", "The numbers of this chart"), make("div", "scroll"));
    this.details.lastChild.tabIndex = 0;
    this.details.addEventListener("toggle", () => this.tabulate());
    this.nothing = make("p", "nothing", "Nothing in this time range.");
    this.note = make("p", "note");
    panel.append(this.heading, this.plot, this.nothing, this.note, this.details);
    place.replaceChildren(panel);
    const columns = [
      { title: "UTC", text: (row) => this.named(row[0]), isText: true },
      ...series.map((s, i) => ({ title: s.name, text: (row) => s.show(row[i + 1]) })),
    ];
    this.table = new Table(this.details.lastChild, title, columns, (row) => row[0]);
    new ResizeObserver(() => this.resize()).observe(this.plot);
  }

  options() {
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
        x: { range: () => this.when.range },
        y: { range: () => [0, 1.08 * this.data.slice(1).flat().reduce((most, value) => Math.max(most, value), 0) || 1] },
      },
      axes: [
        { ...axis, values: axisTimes, size: 44, space: 70 },
        { ...axis, values: (u, splits) => splits.map(this.axis), size: 58 },
      ],
      series: [
        { label: "UTC", value: (u, at) => this.named(isGiven(at) ? at : this.data[0][this.newest]) },
        ...this.series.map((s, i) => ({
          label: s.name,
          stroke: colour(s.colour),
          fill: s.isFilled ? colour(s.colour).replace("rgb(", "rgba(").replace(")", ", 0.12)") : undefined,
          width: 2,
          dash: s.dash ? s.dash.split(",").map(Number) : undefined,
          points: { size: 5 },
          value: (u, value, series, at) => s.show(this.data[i + 1][isGiven(at) ? at : this.newest]),
        })),
      ],
      hooks: {
        drawClear: [(u) => hatch(u, this.when.provisional)],
        draw: [(u) => { if (this.isOpen) points(u, this.data.map((values) => values.at(-1)), this.series); }],
      },
    };
  }

  /**
   * data: columns, the first one times in seconds; step: seconds from point to point.
   *
   * when: {range, newest, now, isLive, provisional}, of which newest is the store's newest minute
   */
  show(data, step, when) {
    this.data = data;
    this.step = step;
    this.when = when;
    const last = data[0].length - 1;
    this.isOpen = last >= 0 && data[0][last] + step > when.newest + (step > MINUTE ? MINUTE : 0);
    const isWhole = (at, i) => !(this.isOpen && i === last) && data.slice(1).some((values) => isGiven(values[i]));
    this.newest = Math.max(0, data[0].findLastIndex(isWhole));
    const name = { 60: "minute", 3600: "hour", 86400: "day" }[step];
    say(this.unit, "by " + name);
    const isEmpty = last < 0;
    this.plot.hidden = this.details.hidden = isEmpty;
    this.nothing.hidden = !isEmpty;
    this.note.hidden = !this.isOpen;
    if (isEmpty) return;
    say(this.note, "○ The newest " + name + ": " + this.named(data[0][last]) + ".");
    if (this.chart) this.chart.setData(this.lines());
    else this.chart = new uPlot(this.options(), this.lines(), this.plot);
    this.tabulate();
  }

  /** The data without the numbers that no line leads to. */
  lines() {
    if (!this.isOpen) return this.data;
    const [times, ...values] = this.data;
    return [times, ...values.map((column) => [...column.slice(0, -1), null])];
  }

  /** A time in words; of the newest bucket also that it is not whole. */
  named(time) {
    const words = (this.step === 86400 ? day : minute)(time);
    if (!this.isOpen || time !== this.data[0].at(-1)) return words;
    const isFilling = this.when.isLive || time + this.step > this.when.now;
    return words + (isFilling ? ", still filling" : ", perhaps cut short");
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
    this.chart = new uPlot(this.options(), this.lines(), this.plot);
  }

  move(event) {
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
