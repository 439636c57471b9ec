// The pieces of photos on which figures stand. Those of a photo never change, so each photo is asked for once.
import type { ContestId, CropView, FieldCode, PhotoView } from "../../shared/generated/console";
import type { Client } from "../api/client";

export class Pieces {
  /** By the photo's hash. */
  #found = $state<Record<string, readonly CropView[]>>({});
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Asks for the pieces of these photos, until the returned function is called. */
  ask(contest: ContestId, photos: readonly PhotoView[]): () => void {
    const leaving = new AbortController();
    for (const { hash } of photos) {
      if (hash in this.#found) {
        continue;
      }
      this.#client.crops(hash, contest, leaving.signal).then(
        (found) => (this.#found[hash] = found.crops),
        () => {
          // The whole photo stands beside it.
        },
      );
    }
    return () => leaving.abort();
  }

  of(photo: PhotoView, field: FieldCode): CropView | undefined {
    return this.#found[photo.hash]?.find((piece) => piece.field === field);
  }

  /** The pieces of these photos by field; those of the last photo where several have one. */
  byField(photos: readonly PhotoView[]): Readonly<Record<FieldCode, CropView>> {
    const pieces = photos.flatMap(({ hash }) => this.#found[hash] ?? []);
    return Object.fromEntries(pieces.map((piece) => [piece.field, piece]));
  }
}
