// Where the bars of the arrivals' chart stand: tallies upwards, photos downwards, on one scale.
import { scaleBand, scaleLinear } from "d3-scale";
import type { Arrivals } from "../../shared/generated/console";

/** The chart's own units; the picture scales as a whole. */
export const WIDTH = 500;
export const HEIGHT = 232;
const LEFT = 56;
const TOP = 18;
const BOTTOM = 206;
const GAP = 1.6;

export interface Bar {
  readonly fromMs: number;
  readonly tallies: number;
  readonly photos: number;
  readonly x: number;
  readonly width: number;
  /** Top and height of the tallies' bar, over the axis. */
  readonly up: { readonly y: number; readonly height: number };
  /** Top and height of the photos' bar, under the axis. */
  readonly down: { readonly y: number; readonly height: number };
}

export interface Chart {
  readonly bars: readonly Bar[];
  readonly axisY: number;
  readonly left: number;
  /** Lines at round numbers, with the number. */
  readonly grid: readonly { readonly y: number; readonly value: number }[];
  /** The steps under which a time is written. */
  readonly times: readonly Bar[];
  /** The step in which most tallies came. */
  readonly peak: Bar;
}

/** Minimum number of steps in the chart. The latest one is at its right end. */
const STEPS_MIN = 10;

/** The chart of some arrivals in steps of `stepMs`; null when there is none to draw. */
export function chart(given: readonly Arrivals[], stepMs: number): Chart | null {
  const arrivals = withEmptyStepsBefore(given, stepMs);
  const most = {
    tallies: Math.max(0, ...arrivals.map((step) => step.tallies)),
    photos: Math.max(0, ...arrivals.map((step) => step.photos)),
  };
  if (most.tallies + most.photos === 0) {
    return null;
  }
  const y = scaleLinear().domain([most.tallies, -most.photos]).range([TOP, BOTTOM]);
  const x = scaleBand<number>()
    .domain(arrivals.map((step) => step.from_ms))
    .range([LEFT, WIDTH])
    .paddingInner(0.12)
    .paddingOuter(0.14);
  const axisY = y(0);
  const bars = arrivals.map((step) => ({
    fromMs: step.from_ms,
    tallies: step.tallies,
    photos: step.photos,
    x: x(step.from_ms) ?? LEFT,
    width: x.bandwidth(),
    up: { y: y(step.tallies), height: axisY - y(step.tallies) },
    down: { y: axisY + GAP, height: Math.max(0, y(-step.photos) - axisY - GAP) },
  }));
  const [first] = bars;
  if (first === undefined) {
    return null;
  }
  return {
    bars,
    axisY,
    left: LEFT,
    grid: y
      .ticks(4)
      .filter((value) => value !== 0 && Number.isInteger(value))
      .map((value) => ({ y: y(value), value: Math.abs(value) })),
    times: spread(bars, 5),
    peak: bars.reduce((best, bar) => (bar.tallies > best.tallies ? bar : best), first),
  };
}

function withEmptyStepsBefore(given: readonly Arrivals[], stepMs: number): readonly Arrivals[] {
  const [first] = given;
  const missing = STEPS_MIN - given.length;
  if (first === undefined || missing <= 0 || stepMs <= 0) {
    return given;
  }
  const before = Array.from({ length: missing }, (_, index) => ({
    from_ms: first.from_ms - (missing - index) * stepMs,
    tallies: 0,
    photos: 0,
  }));
  return [...before, ...given];
}

/** At most `wanted` of the bars at even distances, the first among them; room is left for the last one's own time. */
function spread(bars: readonly Bar[], wanted: number): Bar[] {
  const every = Math.ceil(bars.length / wanted);
  return bars.filter((_, index) => index === 0 || (index % every === 0 && bars.length - index > every / 2));
}
