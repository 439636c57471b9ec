// Who stands behind the letters of a station's witnesses, for those who may see people.
import type { StationPerson, StationView } from "../../shared/generated/console";

/** A witness of a station: the letter if the phone has sent something, the person where one is known. */
export interface NamedWitness {
  readonly letter: string | null;
  readonly device: string | null;
  readonly person: StationPerson | null;
}

/** The witnesses who sent something, by letter, and after them those whose phone has not sent or not joined. */
export function namedWitnesses(view: StationView, people: readonly StationPerson[]): NamedWitness[] {
  // A coordinator who corrected a tally is no witness.
  const ofWitnesses = view.tallies.filter((tally) => tally.corrected_by === null);
  const letters = new Map(ofWitnesses.map(({ device, witness }) => [device, witness]));
  for (const { device, witness } of view.reports) {
    letters.set(device, witness);
  }
  const sent = [...letters]
    .map(([device, letter]) => ({ letter, device, person: personOf(people, device) }))
    .sort((a, b) => a.letter.localeCompare(b.letter));
  const others = people
    .filter(({ device }) => device === null || !letters.has(device))
    .map((person) => ({ letter: null, device: person.device, person }));
  return [...sent, ...others];
}

function personOf(people: readonly StationPerson[], device: string): StationPerson | null {
  return people.find((one) => one.device === device) ?? null;
}
