// The icons: strokes on a 24 by 24 grid, drawn with the text's colour.

/** One stroke: its path, or its path and how it differs from the others. */
export type Stroke =
  | string
  | { readonly d: string; readonly opacity?: number; readonly dash?: string; readonly filled?: boolean };

export const icons = {
  back: ["M20 12H4M10 6l-6 6 6 6"],
  ban: ["M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0z", "M5.7 5.7l12.6 12.6"],
  camera: [
    "M4 8h3.2L9 5.5h6L16.8 8H20a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1z",
    "M8.6 13a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0 -6.8 0z",
  ],
  chart: ["M3 20h18M6 20v-8M11 20V5M16 20v-5"],
  check: ["M5 12.5l4.5 4.5L19 7"],
  conflict: ["M4 8.5h14M14 4.5l4 4-4 4M20 16H6M10 12l-4 4 4 4"],
  "cross-all": ["M4 4h16v16H4zM8.5 8.5l7 7M15.5 8.5l-7 7"],
  copy: ["M9 9h11v11H9zM5 15H4V4h11v1"],
  down: ["M5 9l7 7 7-7"],
  "down-arrow": ["M12 4v16M6 14l6 6 6-6"],
  download: ["M12 4v12M7 11l5 5 5-5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3"],
  drill: [
    "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0z",
    "M7.5 12a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",
    "M12 12h.01",
  ],
  erase: ["M9 5h11a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H9l-6-7zM12 9.5l5 5M17 9.5l-5 5"],
  fault: ["M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM12 7.5v5.5M12 16.3h.01"],
  file: ["M6 3h8l5 5v13H6zM14 3v5h5"],
  flag: ["M5 21V4M5 4h13l-2.5 4.5L18 13H5"],
  folder: ["M3 6h6l2 2.5h10V19H3z"],
  grid: ["M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z"],
  half: [
    "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0z",
    { d: "M12 3.5a8.5 8.5 0 0 0 0 17z", filled: true },
  ],
  help: [
    "M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0z",
    "M9.5 9.2a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 1.9M12 16.8h.01",
  ],
  home: ["M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z"],
  inbox: ["M4 13l2.5-8h11L20 13v6H4zM4 13h5l1 2.5h4l1-2.5h5"],
  left: ["M15 5l-7 7 7 7"],
  missing: [{ d: "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0 -17 0z", dash: "3.1 3.58" }],
  next: ["M4 12h16M14 6l6 6-6 6"],
  note: ["M5 4h14v11l-5 5H5zM14 20v-5h5M8.5 8.5h7M8.5 12h5"],
  pencil: ["M4 20l1-4L16.5 4.5a1.5 1.5 0 0 1 2.1 0l.9.9a1.5 1.5 0 0 1 0 2.1L8 19zM14 7l3 3"],
  phone: ["M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2"],
  printer: ["M7 8V4h10v4M7 17H4V9a1 1 0 0 1 1-1h14a1 1 0 0 1 1 1v8h-3M7 14h10v6H7z"],
  proof: [
    "M6.6 18.6C5.5 16.4 5 14.2 5 11.6a7 7 0 0 1 14 0c0 2-.1 3.9-.6 5.8M9.4 20.2c-1-2.6-1.5-5.2-1.5-8.5a4.1 4.1 0 0 1 8.2 0c0 2.9-.2 5.3-.8 7.8M12 11.8c0 3.4.2 6 .8 8.8",
  ],
  receipt: ["M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0z", "M8 12.3l2.8 2.8L16 9.5"],
  retake: [
    "M4 8h3.2L9 5.5h6L16.8 8H20a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1z",
    "M9.3 11.6a3 3 0 1 1-.1 2.6M9 9.8v2h2",
  ],
  right: ["M9 5l7 7-7 7"],
  up: ["M5 15l7-7 7 7"],
  scale: ["M12 4v16M7 20h10M5 7h14M5 7l-2.6 6a2.8 2.8 0 0 0 5.2 0zM19 7l-2.6 6a2.8 2.8 0 0 0 5.2 0z"],
  seal: ["M5 11h14v9H5zM8 11V7.8a4 4 0 0 1 8 0V11M12 14.8v1.7"],
  search: ["M4.5 11a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0z", "M16 16l4.5 4.5"],
  share: [
    "M15.5 5.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z",
    "M3.5 12a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z",
    "M15.5 18.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z",
    "M8.2 10.8l7.6-4.1M8.2 13.2l7.6 4.1",
  ],
  "signal-off": ["M5 19v-3M10 19v-6M15 19v-4M20 19V5M3 3l18 18"],
  "signal-weak": ["M5 19v-3M10 19v-6", { d: "M15 19v-10M20 19V5", opacity: 0.32 }],
  sort: ["M7 5v14M4 16l3 3 3-3M13 6h7M13 12h5M13 18h3"],
  stick: ["M9 3h6v5H9zM7 8h10v11a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2z"],
  torch: ["M8 3h8l-1 6v11a1 1 0 0 1-1 1h-4a1 1 0 0 1-1-1V9zM8 6h8M12 12v2"],
  turn: ["M4 5v5h5M4.6 10A8 8 0 1 1 4 13"],
  "two-checks": ["M2.5 12.8l4.2 4.2 8-9M11.5 16l1.2 1L21 8"],
  unequal: ["M5 9h14M5 15h14M17 4L7 20"],
  "up-arrow": ["M12 20V4M6 10l6-6 6 6"],
  upload: ["M12 16V4M7 9l5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3"],
  "user-add": [
    "M6.5 8a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
    "M3.5 20c.4-4 3-6 6.5-6 1.7 0 3.2.5 4.3 1.4M19 15.5v6M16 18.5h6",
  ],
  "user-none": [
    "M6.5 8a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
    "M3.5 20c.4-4 3-6 6.5-6 1.7 0 3.2.5 4.3 1.4M16.5 16.5l4.5 4.5M21 16.5L16.5 21",
  ],
  users: [
    "M5.8 8a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z",
    "M3 20c.4-4 2.8-6 6-6s5.6 2 6 6M16 5.2a3 3 0 0 1 0 5.6M17.5 14.2c2 .5 3.2 2.3 3.5 5.8",
  ],
  verified: ["M12 3l7 3v5c0 5-3 8.3-7 10-4-1.7-7-5-7-10V6z", "M8.8 12l2.3 2.3 4.2-4.4"],
  warn: ["M12 4L2.8 19.5h18.4zM12 10v4.5M12 17.2h.01"],
  x: ["M6 6l12 12M18 6L6 18"],
  zoom: ["M4.5 11a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0z", "M16 16l4.5 4.5M11 8.5v5M8.5 11h5"],
} as const satisfies Record<string, readonly Stroke[]>;

export type IconName = keyof typeof icons;
