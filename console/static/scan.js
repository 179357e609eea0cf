// Reads a QR code with the camera where the browser can; otherwise the text field below is used.
"use strict";

const scanner = document.getElementById("scanner");

if (scanner && "BarcodeDetector" in window && navigator.mediaDevices) {
  const video = document.getElementById("scanner-video");
  const start = document.getElementById("scanner-start");
  const words = document.getElementById("scanner-words");
  scanner.hidden = false;

  start.addEventListener("click", async () => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      words.textContent = scanner.dataset.denied;
      return;
    }
    video.srcObject = stream;
    video.hidden = false;
    start.hidden = true;
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const scan = async () => {
      const [found] = await detector.detect(video).catch(() => []);
      if (!found) {
        setTimeout(scan, 150);
        return;
      }
      stream.getTracks().forEach((track) => track.stop());
      document.getElementById("redeem-code").value = found.rawValue;
      document.getElementById("redeem-search").submit();
    };
    scan();
  });
}
