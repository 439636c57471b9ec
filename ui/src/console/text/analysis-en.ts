// The console's texts about projections, patterns, exports and dossiers, in English.
import type { analysisId } from "./analysis-id";

export const analysisEn: Record<keyof typeof analysisId, string> = {
  "rail.analysis": "Analysis",
  "analysis.tabs": "Pages of analysis",
  "analysis.tab.projection": "Projection",
  "analysis.tab.patterns": "Patterns",
  "analysis.tab.exports": "Export",

  "projection.title": "Projection from a sample of stations",
  "projection.no_sample": "No sample was drawn",
  "projection.no_sample_note": "A sample is drawn with this command before the day of voting.",
  "projection.arrived": "{arrived} of the {drawn} stations of the sample are in",
  "projection.drawn":
    "Drawn {moment} with the seed “{seed}”. From the seed and this election package anybody draws the same stations.",
  "projection.note":
    "The interval contains the true figure in 95 of 100 samples, if stations that are not in yet are like those that are. It is no official result, and no sum of the votes that are in.",
  "projection.shares": "Estimated shares",
  "projection.margin": "First ahead of second by {margin} ({low} to {high})",
  "projection.choice": "Choice",
  "projection.share": "Estimate",
  "projection.interval": "95% interval",
  "projection.counted": "Votes in",
  "projection.too_few": "Too few stations of the sample",
  "projection.too_few_note": "The estimate is shown when some stations of the sample are in.",
  "projection.strata": "The sample by region",
  "projection.region": "Region",
  "projection.stations": "Stations",
  "projection.drawn_here": "Sample",
  "projection.arrived_here": "In",

  "patterns.title": "Patterns to look at",
  "patterns.title_in": "Patterns in {name}",
  "patterns.proves_nothing":
    "A pattern proves nothing. Each has ordinary explanations; open the station and look at its photo.",
  "patterns.examined": "{examined} of {stations} stations were looked at",
  "patterns.too_large": "Choose a smaller region",
  "patterns.too_large_note": "{count, number} stations are too many to look at together.",
  "patterns.count": "{count, plural, =0 {none} one {# finding} other {# findings}}",
  "patterns.show": "{count, plural, one {# finding} other {# findings}}",
  "patterns.more": "and {count, number} more",
  "patterns.below": "Regions below",

  "pattern.same_figures": "The same figures at two stations",
  "pattern.same_figures.may_mean":
    "One result may have been recorded for two stations, or a witness chose the wrong one. Small figures are sometimes the same by luck.",
  "pattern.same_figures.row": "{first} fields the same at {count, number} stations",
  "pattern.same_photo": "The same photo at two stations",
  "pattern.same_photo.may_mean":
    "A photo may have been attached to the wrong station. One of them is not of that station.",
  "pattern.same_photo.row": "one photo at {count, number} stations",
  "pattern.page_of_another": "The page of another station",
  "pattern.page_of_another.may_mean":
    "What was read in the photo is what another station of the desa has, and not its own. The witness may have photographed the neighbour's paper.",
  "pattern.page_of_another.row": "{first} figures read as at another station",
  "pattern.one_device": "One phone at several stations",
  "pattern.one_device.may_mean":
    "One witness may serve several stations, or a phone was lent. Look at its assignments.",
  "pattern.one_device.row": "tallies of {count, number} stations from one phone",
  "pattern.sum_grew": "An official sum grew",
  "pattern.sum_grew.may_mean":
    "The official sum of votes grew since the import before. It may be a rightful correction; compare the photo.",
  "pattern.sum_grew.row": "from {first} to {second}",
  "pattern.full_turnout": "Every voter of the list came",
  "pattern.full_turnout.may_mean":
    "Rare, and possible at small or special stations. The same column may also have been copied twice.",
  "pattern.full_turnout.row": "{first} users of {second} voters",
  "pattern.no_invalid": "Not one invalid vote",
  "pattern.no_invalid.may_mean":
    "Large stations nearly always have some. The box may be empty on the paper, or was not recorded.",
  "pattern.no_invalid.row": "{first} valid votes",

  "digits.title": "Last digits",
  "digits.may_mean":
    "In figures from a hundred on, each digit comes last about as often as any other. Uneven ones can be luck, above all where many regions are looked at.",
  "digits.too_few": "There are too few figures from a hundred on.",
  "digits.choice": "Choice",
  "digits.all": "All",
  "digits.probability": "Odds by luck",

  "exports.title": "Export",
  "exports.results": "The result of each station: {contest}",
  "exports.everywhere": "The whole election",
  "exports.of_region": "Region {region}",
  "exports.csv": "CSV",
  "exports.csv_note": "A row for each station, for tables and programs.",
  "exports.xlsx": "Excel",
  "exports.xlsx_note": "The same as the CSV, with a sheet of the names of choices.",
  "exports.nist": "NIST SP 1500-100",
  "exports.nist_note": "The standard JSON for election results, version 2.",
  "exports.note": "A station without a result is empty and not zero. Each export is in the audit.",

  "tokens.title": "Access for other programs",
  "tokens.note":
    "With a token the program of a newsroom or partner reads results, without data of people and without changing anything.",
  "tokens.description": "Description of all addresses (JSON)",
  "tokens.name": "Used by",
  "tokens.add": "Make a token",
  "tokens.once": "Copy it now: it is not shown again.",
  "tokens.made": "Made",
  "tokens.used": "Last used",
  "tokens.revoke": "Revoke",
  "tokens.revoke_confirm": "Revoke the token of {name}",
  "tokens.revoked": "revoked",
  "tokens.none": "There are no tokens yet.",

  "dossier.make": "Make a dossier",
  "dossier.make_several": "Make a dossier of {count, number} stations",
  "dossier.names": "Include the names of witnesses",
  "dossier.note": "A PDF and the bundle of evidence in one ZIP, for supervisors or a court.",

  "receiving.begins": "Preparing…",
  "receiving.bytes": "{size} received",
  "receiving.rows": "{rows} of {of} stations, {size}",
  "receiving.done": "{name} was downloaded",
};
