// The section `plimsoll` of the settings as the server takes it.

/** What reads a setting. */
export interface Section {
  get<T>(name: string, otherwise: T): T;
}

/** What the server is sent. */
export interface Settings {
  configuration: string | null;
  isolated: boolean;
  select: string[] | null;
  extendSelect: string[];
  ignore: string[];
}

export function settingsOf(section: Section): Settings {
  return {
    configuration: section.get("configuration", "") || null,
    isolated: section.get("isolated", false),
    select: section.get<string[] | null>("select", null),
    extendSelect: section.get<string[]>("extendSelect", []),
    ignore: section.get<string[]>("ignore", []),
  };
}
