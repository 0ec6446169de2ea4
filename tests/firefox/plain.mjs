// The chat without JavaScript, in a Firefox that has it switched off.
export async function withoutScripts(firefox, order) {
  const visitor = await firefox.window();
  await visitor.open(`/${order.language}/chat`);
  await visitor.sees("#no-script");
}
