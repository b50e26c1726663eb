/** Lines over time. */

import { clock, day, isGiven, minute } from "./numbers.js";
import { make, say, Table } from "./table.js";

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
export class Chart {
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
