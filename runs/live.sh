#!/usr/bin/env bash
# How the weights that ship are made, from nothing: people, sight, the judge, the painter, the graphs; then motion.
# Days on two cores. Stop it when you like: the same command goes on where it was, and what is done is passed over.
# On a larger machine say for example: WORKERS=16 TRAINING="--workers 12 --threads 1 --device cuda" runs/live.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
FOLDER=${FOLDER:-runs/live}
WORKERS=${WORKERS:-2}    # processes that make data
TRAINING=${TRAINING:-}   # more options for each training, as --device cuda
WEIGHTS=$FOLDER/weights
learn() { llia train "$@" --out "$WEIGHTS" $TRAINING; }

# People in many poses, framings and lights: 24,000 pictures of 1,500, and 6,000 of others for the judge.
llia world shards --stills --hours 24 --size 256 --seed 0 --workers "$WORKERS" --out "$FOLDER/stills"
llia world shards --stills --hours 6 --size 256 --seed 1 --workers "$WORKERS" --out "$FOLDER/stills-judge"

# The portrait: to see, to paint, and who measures both.
learn sight-first --data "$FOLDER/stills" --steps 10000
learn sight-mouth --data "$FOLDER/stills" --steps 8000
learn sight-eye --data "$FOLDER/stills" --steps 8000
learn painter --data "$FOLDER/stills" --steps 20000
learn judge --data "$FOLDER/stills-judge" --apart-from "$FOLDER/stills" --steps 4000
llia eval portrait --weights "$WEIGHTS" --people 125 --json > "$FOLDER/portrait.json"

# Motion: talk without pictures, then the five stages, each from the one before.
llia world shards --tracks-only --hours 10 --seed 0 --workers "$WORKERS" --out "$FOLDER/tracks"
llia world shards --tracks-only --hours 0.2 --held-out --seed 0 --workers "$WORKERS" --out "$FOLDER/tracks-held-out"
for stage in hearing ears teacher consistency adversarial editing; do
    learn "$stage" --data "$FOLDER/tracks" --held-out "$FOLDER/tracks-held-out"
done
llia export --weights "$WEIGHTS" -o "$FOLDER/graphs" --size 256 --size 384 --size 512
llia eval motion --weights "$WEIGHTS" --people 120 --pictures 8 --portrait-weights "$WEIGHTS" \
    --picture "$FOLDER/curves.png" --json > "$FOLDER/motion.json"
echo "$WEIGHTS and $FOLDER/graphs are what ships, once $FOLDER/portrait.json and motion.json have been read"
