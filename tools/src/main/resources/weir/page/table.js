/** Elements of the page that are changed in place: named numbers and tables. */

import { isGiven } from "./numbers.js";

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (isGiven(text)) element.textContent = text;
  return element;
}

export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Named numbers, large. */
export function tiles(list, numbers) {
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
export class Table {
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
    this.nothing = make("p", "nothing", "Nothing in this time range.");
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
