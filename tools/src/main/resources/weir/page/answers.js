/** What is asked at api/, and its rows as tables and charts take them. */

const TIMEOUT_MILLIS = 15000;
const MOST_FILLED_POINTS = 5000;

export class Unanswered extends Error {}

export async function ask(name, parameters, signal) {
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
export function objects(answer) {
  return answer.rows.map((row) => Object.fromEntries(answer.columns.map((name, i) => [name, row[i]])));
}

/**
 * Columns for a chart. A bucket without a row had no requests: 0 where counts are asked, and a gap
 * in the line otherwise.
 */
export function series(answer, names, absent, when) {
  const rows = objects(answer);
  const { step } = answer; // seconds from bucket to bucket
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
