// Where this browser keeps its users' keys: in IndexedDB, which can hold keys that no script can read.
import type { SigningKey } from "./key";

const DATABASE = "saksi-signing";
const KEYS = "keys";

/** The key of a user of this endpoint; null where this browser has none. */
export async function keptKey(user: string): Promise<SigningKey | null> {
  const found: SigningKey | undefined = await inStore("readonly", (store) => store.get(user));
  return found ?? null;
}

/** Keeps a user's key in place of the one before. */
export async function keepKey(key: SigningKey): Promise<void> {
  await inStore("readwrite", (store) => store.put(key, key.user));
}

export async function forgetKey(user: string): Promise<void> {
  await inStore("readwrite", (store) => store.delete(user));
}

async function inStore<T>(
  mode: IDBTransactionMode,
  action: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await opened();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(KEYS, mode);
      const request = action(transaction.objectStore(KEYS));
      // What is to be kept is kept when the transaction is over, not before.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    });
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(KEYS);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("cannot open the database of this browser"));
  });
}
