import { type SubjectServer, type SubjectServerOptions, startSubjectServer } from "./subject.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** Our server twice, in cleartext (where it accepts Upgrade) and with TLS, for a client of somebody else. */
export interface SubjectFixture {
  readonly workspace: Workspace;
  readonly cleartext: SubjectServer;
  readonly tls: SubjectServer;
  stop(): Promise<void>;
}

export async function startSubject(options: Omit<SubjectServerOptions, "tls"> = {}): Promise<SubjectFixture> {
  const workspace = await createWorkspace();
  const cleartext = await startSubjectServer({ upgrade: "accept", ...options });
  const tls = await startSubjectServer({ ...options, tls: workspace.certificate });
  return {
    workspace,
    cleartext,
    tls,
    stop: async () => {
      await Promise.all([cleartext.stop(), tls.stop()]);
      await workspace.remove();
    },
  };
}
