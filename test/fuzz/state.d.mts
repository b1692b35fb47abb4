export function stateText(engine: object): string;
export function retained(engine: object): number;
