import { afterAll, beforeAll, describe } from "vitest";
import {
  itCarriesBodies,
  itDistributes,
  itFinishesOldRequests,
  itForwardsAddresses,
  itSurvivesRestart,
  itTreatsTrailers,
} from "./support/balancer-cases.ts";
import { documentedBlocks } from "./support/documented.ts";
import { type LoadBalancer, startLoadBalancer } from "./support/load-balancer.ts";

const [documented = ""] = documentedBlocks("nghttpx");

describe("nghttpx with HTTP/2 to three processes, as documented", () => {
  let balancer: LoadBalancer;

  beforeAll(async () => {
    balancer = await startLoadBalancer({
      tool: { name: "nghttpx", debianPackage: "nghttp2-proxy" },
      configuration: documented,
      separator: ",",
      replacements: (port, { certificate }) => ({
        "frontend=0.0.0.0,443": `frontend=127.0.0.1,${port}`,
        "/etc/nghttpx/site.crt": certificate.certFile,
        "/etc/nghttpx/site.key": certificate.keyFile,
      }),
      args: (file) => [`--conf=${file}`, "--single-process"],
    });
  });

  afterAll(() => balancer.stop());

  itDistributes(() => balancer, "h2");
  itForwardsAddresses(() => balancer, false);
  itCarriesBodies(() => balancer);
  itTreatsTrailers(() => balancer, true);
  itFinishesOldRequests(() => balancer);
  itSurvivesRestart(() => balancer, "GET");
  itSurvivesRestart(() => balancer, "POST");
});
