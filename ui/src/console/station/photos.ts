// Which photo to show of a page.
import type { PhotoView } from "../../shared/generated/console";

/** The photo to show of a page: the wanted witness's rather than another's, a whole one rather than a part, the latest. */
export function photoOf(
  photos: readonly PhotoView[],
  page: number,
  witness: string | null,
): PhotoView | null {
  const worth = (photo: PhotoView): number => (photo.witness === witness ? 2 : 0) + (photo.arrived ? 1 : 0);
  let best: PhotoView | null = null;
  for (const photo of photos) {
    if (photo.page === page && (best === null || worth(photo) >= worth(best))) {
      best = photo;
    }
  }
  return best;
}

/** The witnesses of whom there are photos, in order. */
export function photographers(photos: readonly PhotoView[]): string[] {
  return [...new Set(photos.map((photo) => photo.witness))].sort();
}

const PHOTO_ISSUES = [
  "blurred",
  "too_dark",
  "pale",
  "glare",
  "too_far",
  "corners_missing",
  "cut_off",
  "no_form",
  "bubbles_differ",
] as const;

/** Whether a device's name for what is wrong with a photo is one that this console has words for. */
export function isPhotoIssue(name: string): name is (typeof PHOTO_ISSUES)[number] {
  return (PHOTO_ISSUES as readonly string[]).includes(name);
}
