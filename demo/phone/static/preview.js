// Summarizes a message in a few words, for lists.

export function preview(entry) {
  if (entry.unsent) return "メッセージの送信を取り消しました";
  const { message } = entry;
  const fixed = { image: "写真を送信しました", sticker: "スタンプを送信しました", location: "位置情報を送信しました", audio: "ボイスメッセージ", video: "動画を送信しました" };
  return fixed[message.type] ?? message.text ?? message.altText ?? "";
}
