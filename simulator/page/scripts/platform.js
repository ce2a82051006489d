// The simulator, asked over HTTP.

export async function ask(path, options) {
  const response = await fetch(path, options);
  const body = await answerOf(response);
  if (!response.ok) throw new Error(body?.error ?? `HTTP ${response.status}`);
  return body;
}

export const tell = (path, body) => ask(path, { method: "POST", body: JSON.stringify(body) });

export const remove = (path) => ask(path, { method: "DELETE" });

// What an older simulator does not have yet is simply not shown.
export async function askIfThere(path, otherwise) {
  try {
    return await ask(path);
  } catch {
    return otherwise;
  }
}

async function answerOf(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}
