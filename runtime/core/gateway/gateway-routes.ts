import { isLongRpc } from "../call/call-rules.js";
import type { Service } from "../call/rpc.js";
import type { DialectTable } from "../http/dialect.js";
import { exposedRpcs } from "../http/guard/exposed-rpcs.js";
import { eventSourceRoutes } from "../http/route/event-source-routes.js";
import { RouteTable } from "../http/route/route-table.js";
import { Routes } from "../http/route/routes.js";
import { type ServedRoute, servedRoute } from "../http/served-route.js";
import type { BytesForm } from "../json/bytes-form.js";
import type { JsonStyle } from "../json/style/json-style.js";
import { StyledCodecs } from "../json/style/styled-codecs.js";
import type { TypeRegistry } from "../json/type-registry.js";
import { given } from "../options/given.js";
import { Crowd } from "../session/limit/crowd.js";
import { Places } from "../session/limit/places.js";
import { ErrorWriter } from "../transcode/error-writer.js";
import { detailTypesOf, messageTypesOf } from "../transcode/message-types.js";
import { RequestTranscoder } from "../transcode/request-transcoder.js";
import { ResponseTranscoder } from "../transcode/response-transcoder.js";
import { type Route, routesOf } from "../transcode/route.js";
import type { GatewaySettings } from "./gateway-settings.js";
import { checkPathPrefixes } from "./path-prefixes.js";

/**
 * Creates the routes of a gateway, ready to serve.
 *
 * @param streamPlaces the places of streams, which calls that may wait for days share
 * @throws TypeError if an option names a path prefix, an RPC or a service that does not exist
 */
export function gatewayRoutes(
  settings: GatewaySettings,
  dialects: DialectTable,
  streamPlaces: Places,
): Routes<ServedRoute> {
  const services = Object.values<Service>(settings.services);
  const { access, aliases, streams } = settings;
  const serve = routeServer(settings, services, dialects, streamPlaces);
  const routes = routesOf(services, aliases, access.unboundRpcs);
  checkPathPrefixes(settings, routes);
  const forEventSource = streams.eventSource ? eventSourceRoutes(routes).map(serve) : [];
  return new Routes(
    new RouteTable(routes.map(serve)),
    new RouteTable(forEventSource.filter(({ responseTranscoder }) => !responseTranscoder.raw)),
  );
}

/** Creates the function that makes routes ready to serve, with everything that does not depend on a request. */
function routeServer(
  settings: GatewaySettings,
  services: readonly Service[],
  dialects: DialectTable,
  streamPlaces: Places,
): (route: Route) => ServedRoute {
  const { access, bytes, limits, timeouts, streams, responses } = settings;
  const unaryPlaces = new Places(limits.maxInFlight, "requests", new Crowd());
  const exposed = access.expose === undefined ? undefined : exposedRpcs(services, access.expose);
  const types = messageTypesOf(settings.services, settings.types);
  const detailTypes = detailTypesOf(types, settings.types);
  const styled = styledRoutes(types);
  return (route) => {
    const { name } = route.rpc;
    const dialect = dialects.of(route.binding.template);
    const isLong = isLongRpc(route.rpc, timeouts);
    const common = {
      ...route,
      isLong,
      places: isLong ? streamPlaces : unaryPlaces,
      exposed: exposed?.has(name) ?? true,
      numberEvents: streams.events[name],
    };
    const json = { types, ...dialect.json, ...route.json, ...given(settings.json) };
    return servedRoute(common, bytes, (forms, style) => ({
      requestTranscoder: new RequestTranscoder(route, { ...json, bytes: forms.request }),
      responseTranscoder: responseTranscoder(styled(route, style), forms.response),
      errors: new ErrorWriter(dialect.errors, {
        json: { types: detailTypes, bytes: forms.response },
        hook: responses.error,
        rpc: name,
      }),
    }));
  };
}

/** A route whose responses have a JSON style, and the types that an `Any` in them may hold. */
interface StyledRoute {
  readonly route: Route;
  readonly types: TypeRegistry;
}

function responseTranscoder({ route, types }: StyledRoute, bytes: BytesForm): ResponseTranscoder {
  return new ResponseTranscoder(route, { types, bytes });
}

/**
 * Creates the function that gives the responses of routes a JSON style. Routes of the same style share their codecs.
 */
function styledRoutes(types: TypeRegistry): (route: Route, style: JsonStyle) => StyledRoute {
  const known = new Map<string, { readonly codecs: StyledCodecs; readonly types: TypeRegistry }>();
  return (route, style) => {
    const { names, defaults } = style;
    if (names === undefined && defaults === undefined) return { route, types };
    const key = `${names} ${defaults}`;
    let made = known.get(key);
    if (made === undefined) {
      const codecs = new StyledCodecs(style);
      made = { codecs, types: codecs.types(types) };
      known.set(key, made);
    }
    const rpc = { ...route.rpc, response: made.codecs.of(route.rpc.response) };
    return { route: { ...route, rpc }, types: made.types };
  };
}
