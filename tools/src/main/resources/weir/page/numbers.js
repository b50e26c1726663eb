/** Numbers, times and codes in words. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
export const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const oneDigit = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDigits = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const regions = new Intl.DisplayNames("en", { type: "region" });

export const isGiven = (value) => value !== null && value !== undefined;
export const count = (n) => (isGiven(n) ? whole.format(n) : "–");
export const percent = (rate) => (isGiven(rate) ? twoDigits.format(100 * rate) + " %" : "–");
export const millis = (n) => (isGiven(n) ? oneDigit.format(n) + " ms" : "–");
const iso = (seconds) => new Date(seconds * 1000).toISOString();
export const day = (seconds) => iso(seconds).slice(0, 10);
export const clock = (seconds) => iso(seconds).slice(11, 16);
export const minute = (seconds) => (isGiven(seconds) ? day(seconds) + " " + clock(seconds) : "–");
export const second = (seconds) => iso(seconds).slice(11, 19);
export const many = (n, one, more) => count(n) + " " + (n === 1 ? one : more);

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
export const meaning = (status) => MEANINGS[status] || CLASSES[String(status)[0]] || "";

export function country(code) {
  try {
    return regions.of(code) || code;
  } catch {
    return code; // not two letters: the log said something else
  }
}
