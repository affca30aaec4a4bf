#!/bin/sh
# Makes the speech and the moving picture of the embedded service again.
# Needs: espeak-ng sox opus-tools ffmpeg fonts-dejavu-core
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# say <name> <text>: <name>.opus (Ogg-Opus, 20 ms packets) and <name>.ulaw
# (raw G.711 µ-law, 8000 Hz). A softened female variant; the filters take off buzz and hiss, the reverb the dryness.
say() {
  espeak-ng -v en-us+f3 -s 160 -p 46 -w "$work/raw.wav" "$2"
  sox "$work/raw.wav" -r 48000 -c 1 "$work/voice.wav" \
    gain -9 highpass 90 lowpass 7200 equalizer 3200 1.2q -3 equalizer 220 1q +2 \
    compand 0.02,0.15 6:-70,-60,-22 -6 -90 0.05 silence 1 0.01 -50d reverse silence 1 0.01 -50d reverse \
    pad 0.06 0.12 gain -6 reverb 8 40 30 gain -n -3
  opusenc --quiet --speech --bitrate 24 --framesize 20 --padding 0 --discard-comments --serial 1 "$work/voice.wav" "$1.opus"
  sox "$work/voice.wav" -t ul -r 8000 -c 1 "$1.ulaw"
}

say greeting "Hello! This is the demonstration line. Now you hear yourself. Press a key, and I say it."
i=0
for word in zero one two three four five six seven eight nine; do
  say "digit-$i" "$word"
  i=$((i + 1))
done
say digit-star star
say digit-hash pound
say menu "This is the menu. Press one to hear yourself. Two, to be put on hold. Three, to hang up. Four, to see a picture. Five, to hear us before we answer. Nine, to talk to a person."
say hold "I am putting you on hold for a moment."
say back "Thank you for waiting. You are back in the menu."
say goodbye "Goodbye."
say picture "Here is the picture."
say no-picture "You did not take the picture. You are back in the menu."
say early-next "Now I hang up. Call again within a minute, and you will hear me before I answer."
say early "You hear this before the call is answered. Now I answer."
say connecting "One moment. I am calling a person."
say nobody "Nobody is there at the moment. You are back in the menu."
say person-busy "The person is in another call. You are back in the menu."
say unknown "There is nothing under that key."

# 12 s of C major 7, A minor 7, D minor 7 and G 7, 3 s each: plucked strings over a soft chord. What rings on beyond
# the end is laid over the beginning, so that the loop has no seam.
at=0
set --
for chord in "C3 E4 G4 B4" "A2 C4 E4 G4" "D3 F4 A4 C5" "G2 F4 G4 B4"; do
  n=0
  for note in $chord; do
    for beat in 0 1.5; do
      start=$(echo "$at + $n * 0.375 + $beat" | bc)
      sox -n -r 48000 -c 1 "$work/note-$at-$n-$beat.wav" synth 2.4 pluck "$note" fade t 0.005 2.4 1.2 gain -14 pad "$start"
      set -- "$@" "$work/note-$at-$n-$beat.wav"
    done
    n=$((n + 1))
  done
  at=$((at + 3))
done
sox -m -v 1 "$@" "$work/dry.wav" lowpass 3000 reverb 30 50 60
sox "$work/dry.wav" "$work/head.wav" trim 0 12
sox "$work/dry.wav" "$work/tail.wav" trim 12
sox -m -v 1 "$work/head.wav" -v 1 "$work/tail.wav" -b 16 "$work/music.wav" norm -12
opusenc --quiet --music --bitrate 28 --framesize 20 --padding 0 --discard-comments --serial 1 "$work/music.wav" music.opus
sox "$work/music.wav" -t ul -r 8000 -c 1 music.ulaw

# 640x360, 15 frames a second, 8 s, a key frame every 2 s: a gradient, a dot on its orbit, a running timecode.
sans=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
mono=/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf
ffmpeg -loglevel error -y \
  -f lavfi -i "gradients=s=640x360:r=15:d=8:c0=0x1d2b64:c1=0x3f6fd8:x0=0:y0=0:x1=640:y1=360:n=2:speed=0.00001" \
  -f lavfi -i "color=c=white@0:s=56x56:r=15:d=8,format=rgba,geq=r=255:g=255:b=255:a='235*clip(27-hypot(X-27.5,Y-27.5),0,1)'" \
  -filter_complex "[0][1]overlay=x='292+252*cos(2*PI*t/4)':y='152+124*sin(2*PI*t/4)':format=auto,\
drawtext=fontfile=$sans:text='demonstration line':fontcolor=white@0.85:fontsize=22:x=(w-text_w)/2:y=126,\
drawtext=fontfile=$mono:text='%{pts\\:hms}':fontcolor=white:fontsize=44:x=(w-text_w)/2:y=160,\
drawtext=fontfile=$sans:text='frame %{frame_num}':fontcolor=white@0.85:fontsize=20:x=(w-text_w)/2:y=216,\
format=yuv420p" \
  -c:v libvpx -b:v 200k -maxrate 320k -bufsize 320k -g 30 -keyint_min 30 -auto-alt-ref 0 -lag-in-frames 0 \
  -error-resilient default -deadline good -cpu-used 0 -slices 1 -fflags +bitexact -flags:v +bitexact -t 8 moving-picture.ivf
