/** The bell of a message that may ring: two soft tones and a short shake, where allowed. */

let audio = null;

/** Browsers play sound only after a first touch; call once when the page opens. */
export function allowRing() {
  const wake = () => {
    const Audio = window.AudioContext || window.webkitAudioContext;
    if (Audio && !audio) audio = new Audio();
    audio?.resume();
  };
  window.addEventListener("pointerdown", wake, { once: true });
  window.addEventListener("keydown", wake, { once: true });
}

function tone(frequency, from) {
  const start = audio.currentTime + from;
  const sound = audio.createOscillator();
  const volume = audio.createGain();
  sound.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.2, start + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
  sound.connect(volume).connect(audio.destination);
  sound.start(start);
  sound.stop(start + 0.55);
}

export function ring() {
  if (navigator.vibrate && navigator.userActivation?.hasBeenActive) navigator.vibrate([200, 100, 200]);
  if (audio?.state !== "running") return;
  tone(660, 0);
  tone(880, 0.28);
}
