#!/usr/bin/env bash
# What is each part of the stages good for? From one teacher, short students that each lack one part, measured alike.
# About five minutes of one core each. TEACHER is the folder of a trained teacher; results: FOLDER/NAME/motion.json.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
FOLDER=${FOLDER:-runs/ablations}
TEACHER=${TEACHER:-runs/live/weights}
STEPS=${STEPS:-300}      # of each of the two stages
PEOPLE=${PEOPLE:-16}
TRAINING=${TRAINING:-}   # more options for each training, as --threads 2
TRACKS=${TRACKS:-$FOLDER/tracks}
HELD_OUT=${HELD_OUT:-$FOLDER/tracks-held-out}

# ablate NAME [options of llia train]: a student of consistency and one of editing, and what the latter does.
ablate() {
    local name=$1 start=()
    shift
    mkdir -p "$FOLDER/$name"
    cp -u "$TEACHER/teacher.safetensors" "$FOLDER/$name/"
    for stage in consistency editing; do
        llia train "$stage" --data "$TRACKS" --held-out "$HELD_OUT" --out "$FOLDER/$name" --steps "$STEPS" \
            --workers 0 $TRAINING "$@"
    done
    [ "$name" != without-editing-start ] || start=(--from-noise)
    llia eval motion --weights "$FOLDER/$name/editing.safetensors" --people "$PEOPLE" --json "${start[@]}" \
        --picture "$FOLDER/$name/curves.png" > "$FOLDER/$name/motion.json"
}

llia world shards --tracks-only --hours 2 --seed 0 --out "$TRACKS"
llia world shards --tracks-only --hours 0.1 --held-out --seed 0 --out "$HELD_OUT"

ablate whole
ablate without-variable-length --set 'length_weights=[0,0,0,1]'
ablate without-gamma --set aims.gamma.mouth=0 --set aims.gamma.rest=0
ablate without-guidance --set aims.gamma.guidance=1
ablate without-adversary --set aims.fooling=0
ablate without-sound-head --set aims.hearing=false
ablate without-editing-start --set plain_share=1
ablate without-smooth-slow-channels --set smooth_frames=0

for name in "$FOLDER"/*/motion.json; do echo "$name"; done
