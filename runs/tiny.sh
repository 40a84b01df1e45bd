#!/usr/bin/env bash
# From nothing to a talking film and its marks, in under five CPU minutes. Nothing that comes out is of any use: it
# shows that each command takes what the one before it made.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
FOLDER=${FOLDER:-runs/tiny}
WEIGHTS=$FOLDER/weights
export LLIA_CONSENT=1
learn() { llia train "$@" --out "$WEIGHTS" --workers 0; }

# Four people to learn from, two more for the judge, and one to be portrayed.
llia world shards --stills --hours 0.064 --size 256 --seed 0 --out "$FOLDER/stills"
llia world shards --stills --hours 0.032 --size 256 --seed 1 --out "$FOLDER/stills-judge"
llia world person 7 --picture "$FOLDER/person.png" -o "$FOLDER/person.json"

# The portrait.
learn sight-first --data "$FOLDER/stills" --steps 30 --batch 16
learn sight-mouth --data "$FOLDER/stills" --steps 40 --batch 16
learn sight-eye --data "$FOLDER/stills" --steps 40 --batch 16
learn painter --data "$FOLDER/stills" --steps 20 --batch 2
learn judge --data "$FOLDER/stills-judge" --apart-from "$FOLDER/stills" --steps 4 --batch 8
llia export --weights "$WEIGHTS" -o "$FOLDER/graphs" --size 256
llia portrait pose "$FOLDER/person.png" --graphs "$FOLDER/graphs" --use-as-is --box 128,96,256 --set jawOpen=0.5 \
    -o "$FOLDER/posed.png"

# Motion, to its last stage.
llia world shards --tracks-only --hours 0.03 --seed 0 --out "$FOLDER/tracks"
llia world shards --tracks-only --hours 0.01 --held-out --seed 0 --out "$FOLDER/tracks-held-out"
for stage in hearing teacher consistency adversarial editing; do
    learn "$stage" --data "$FOLDER/tracks" --held-out "$FOLDER/tracks-held-out" --preset mini --steps 4 --batch 4
done

# A film, and its marks.
llia export --weights "$WEIGHTS" -o "$FOLDER/graphs" --size 256
llia animate "$FOLDER/person.png" src/llia/assets/sentence.flac --graphs "$FOLDER/graphs" --preset mini \
    --use-as-is --box 128,96,256 -o "$FOLDER/talk.mp4"
llia eval motion --weights "$WEIGHTS" --people 2 --seconds 6 --json > "$FOLDER/motion.json"
echo "$FOLDER/talk.mp4 talks, if badly, and $FOLDER/motion.json says how badly"
