/** What the operator's page uses of uPlot, whose file the local stack serves out of its jar. */
declare module '*/uplot.js' {
  export type Values = (number | null)[];
  export interface Axis {
    stroke?: string;
    font?: string;
    size?: number;
    space?: number;
    gap?: number;
    grid?: { stroke?: string; width?: number };
    ticks?: { stroke?: string; width?: number; size?: number };
    values?: (plot: uPlot, splits: number[]) => string[];
  }
  export interface Series {
    stroke?: string;
    width?: number;
    dash?: number[];
    fill?: string;
    points?: { show: boolean };
    spanGaps?: boolean;
  }
  export interface Options {
    width: number;
    height: number;
    padding?: (number | null)[];
    cursor?: object;
    legend?: { show?: boolean };
    hooks?: { setCursor?: ((plot: uPlot) => void)[] };
    scales?: Record<string, { time?: boolean; range?: (plot: uPlot, min: number | null, max: number | null) => [number, number] }>;
    axes?: (Axis | { show: false })[];
    series: Series[];
  }
  export default class uPlot {
    constructor(options: Options, data: Values[], place: HTMLElement);
    readonly cursor: { idx?: number | null };
    readonly data: Values[];
    setData(data: Values[]): void;
    setSize(size: { width: number; height: number }): void;
    destroy(): void;
  }
}
