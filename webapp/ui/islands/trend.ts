// A curve: <div data-island="trend" data-picture='{"names": […], "values": […], "low": […], "high": […], …}'>
// The library is fetched on this page only. The same figures stand in a table beside it, for keyboard and ear.
import { LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { token, WANTED, type Wanted } from "../base/pictures";

use([LineChart, GridComponent, TooltipComponent, SVGRenderer]);

interface Picture {
  title: string;
  share: boolean;
  names: string[];
  values: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  language: string;
}

interface Hovered {
  dataIndex: number;
}

export function start(element: HTMLElement): void {
  const picture = JSON.parse(element.dataset["picture"] ?? "{}") as Picture;
  const chart = init(element, null, { renderer: "svg" });
  const paint = (): void => chart.setOption(options(picture), true);
  paint();
  new ResizeObserver(() => chart.resize()).observe(element);
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  element.addEventListener(WANTED, (event) => {
    (event as CustomEvent<Wanted>).detail.svg = chart.renderToSVGString();
  });
}

function options(picture: Picture): Record<string, unknown> {
  const ink = token("--ink-3");
  const number = new Intl.NumberFormat(picture.language);
  const said = (value: number | null): string => (value === null ? "–" : `${number.format(value)}${picture.share ? " %" : ""}`);
  const font = { fontFamily: "Inter Variable, Segoe UI, Roboto, Arial, sans-serif", color: ink, fontSize: 12 };
  return {
    animation: false, // a picture that is taken at once would show half of it
    backgroundColor: token("--surface"),
    textStyle: font,
    grid: { left: 48, right: 32, top: 16, bottom: 32 },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: token("--surface"),
      borderColor: token("--line-2"),
      textStyle: { color: token("--ink"), fontSize: 13 },
      formatter: (hovered: Hovered[]) => tell(picture, hovered[0]?.dataIndex ?? 0, said),
    },
    xAxis: {
      type: "category",
      data: picture.names,
      boundaryGap: picture.names.length === 1,
      axisLine: { lineStyle: { color: token("--line-2") } },
      axisTick: { show: false },
      axisLabel: { ...font, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      min: 0,
      ...(picture.share ? { max: 100 } : { minInterval: 1 }),
      splitLine: { lineStyle: { color: token("--line") } },
      axisLabel: { ...font, formatter: (value: number) => said(value) },
    },
    series: [...band(picture), curve(picture)],
  };
}

function tell(picture: Picture, place: number, said: (value: number | null) => string): string {
  const low = picture.low[place] ?? null;
  const high = picture.high[place] ?? null;
  const range = low === null || high === null ? "" : `\n95 %: ${said(Math.round(low))} – ${said(Math.round(high))}`;
  return `${picture.names[place] ?? ""}\n${said(picture.values[place] ?? null)}${range}`;
}

function curve(picture: Picture): Record<string, unknown> {
  return {
    type: "line",
    data: picture.values,
    symbol: "circle",
    symbolSize: picture.values.length > 40 ? 4 : 7,
    lineStyle: { color: token("--accent"), width: 2 },
    itemStyle: { color: token("--accent") },
    z: 3,
  };
}

// Two lines on top of each other: an invisible one for the lower end, and the filled distance to the upper one.
function band(picture: Picture): Record<string, unknown>[] {
  if (!picture.share) return [];
  const line = { type: "line", stack: "band", symbol: "none", silent: true, lineStyle: { opacity: 0 } };
  const distance = picture.low.map((low, place) => (low === null ? null : (picture.high[place] ?? low) - low));
  return [
    { ...line, data: picture.low },
    { ...line, data: distance, areaStyle: { color: token("--accent-soft"), opacity: 1 } },
  ];
}
