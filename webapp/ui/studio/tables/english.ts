// Words of dmn-js that only programmers use.
export const ENGLISH: Record<string, string> = {
  boolean: "yes or no",
  dateTime: "date and time",
  dayTimeDuration: "days and hours",
  yearMonthDuration: "months and years",
  string: "text",
  "Hit policy": "Which rule counts",
  "Hit policy:": "Which rule counts:",
};
