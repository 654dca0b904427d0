import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.jena.atlas.web.AcceptList;
import org.apache.jena.atlas.web.ContentType;
import org.apache.jena.atlas.web.MediaType;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.query.ARQ;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryCancelledException;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.QueryParseException;
import org.apache.jena.query.ReadWrite;
import org.apache.jena.query.ResultSet;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.riot.RDFFormat;
import org.apache.jena.riot.RDFLanguages;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.riot.ResultSetMgr;
import org.apache.jena.riot.RiotException;
import org.apache.jena.riot.resultset.ResultSetLang;
import org.apache.jena.sparql.core.DatasetGraph;
import org.apache.jena.sparql.core.DatasetGraphFactory;
import org.apache.jena.sparql.core.DynamicDatasets;
import org.apache.jena.sparql.exec.QueryExec;
import org.apache.jena.sparql.graph.GraphFactory;
import org.apache.jena.sparql.modify.UsingList;
import org.apache.jena.sys.JenaSystem;
import org.apache.jena.update.UpdateAction;

/**
 * The engine of Apache Jena behind a small HTTP server of our own, for tests: it is not Fuseki, only its paths are alike.
 *
 * /ds/query and /ds/update speak the SPARQL 1.1 protocol, /ds/data the Graph Store HTTP protocol. One argument, the port
 * (0 for any); prints "ready PORT". RIG_USER and RIG_PASSWORD guard what writes, RIG_SECONDS is the limit of a query.
 */
public final class JenaRig {
    private static final Lang[] TABLES = {
        ResultSetLang.RS_JSON, ResultSetLang.RS_XML, ResultSetLang.RS_CSV, ResultSetLang.RS_TSV
    };
    private static final Lang[] GRAPHS = {Lang.TURTLE, Lang.NTRIPLES, Lang.RDFXML, Lang.JSONLD};

    private final DatasetGraph store = DatasetGraphFactory.createTxnMem();
    private final long seconds = Long.parseLong(System.getenv().getOrDefault("RIG_SECONDS", "60"));

    public static void main(String[] arguments) throws IOException {
        JenaSystem.init();
        ARQ.getContext().set(ARQ.httpServiceAllowed, false);
        int port = Integer.parseInt(arguments[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        JenaRig rig = new JenaRig();
        server.createContext("/ds/query", answered(rig::query));
        guard(server.createContext("/ds/update", answered(rig::update)));
        guard(server.createContext("/ds/data", answered(rig::data)));
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.start();
        System.out.println("ready " + server.getAddress().getPort());
    }

    private static void guard(HttpContext context) {
        String user = System.getenv("RIG_USER");
        String password = System.getenv("RIG_PASSWORD");
        if (user == null || password == null) {
            return;
        }
        context.setAuthenticator(new BasicAuthenticator("rig") {
            @Override
            public boolean checkCredentials(String name, String secret) {
                return user.equals(name) && password.equals(secret);
            }
        });
    }

    /** What a request cannot have; it becomes the status and the text of the reply. */
    private static final class Refused extends RuntimeException {
        final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private record Reply(int status, String type, byte[] body) {}

    private interface Answering {
        Reply answer(Request request) throws IOException;
    }

    /** A request whose body has been read, and whose parameters stand in its address and, for a form, in its body. */
    private static final class Request {
        final HttpExchange exchange;
        final String method;
        final String type;
        final byte[] body;
        final Map<String, List<String>> parameters = new HashMap<>();

        Request(HttpExchange exchange) throws IOException {
            this.exchange = exchange;
            method = exchange.getRequestMethod();
            ContentType stated = ContentType.create(exchange.getRequestHeaders().getFirst("Content-Type"));
            type = stated == null ? "" : stated.getContentTypeStr().toLowerCase();
            body = exchange.getRequestBody().readAllBytes();
            read(exchange.getRequestURI().getRawQuery());
            if (type.equals("application/x-www-form-urlencoded")) {
                read(text());
            }
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        private void read(String pairs) {
            for (String pair : pairs == null || pairs.isEmpty() ? new String[0] : pairs.split("&")) {
                String[] halves = pair.split("=", 2);
                String value = halves.length > 1 ? URLDecoder.decode(halves[1], StandardCharsets.UTF_8) : "";
                parameters.computeIfAbsent(URLDecoder.decode(halves[0], StandardCharsets.UTF_8), k -> new ArrayList<>()).add(value);
            }
        }

        List<String> all(String name) {
            return parameters.getOrDefault(name, List.of());
        }

        /** The operation: the body as it is when it has the type, else the one parameter of this name. */
        String operation(String name) {
            if (type.equals("application/sparql-" + name)) {
                return text();
            }
            if (all(name).size() != 1) {
                throw new Refused(400, "exactly one parameter " + name + " is needed");
            }
            return all(name).get(0);
        }

        Lang accepted(Lang[] offered) {
            String accept = String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of("*/*")));
            String[] types = Arrays.stream(offered).map(Lang::getHeaderString).toArray(String[]::new);
            MediaType chosen = AcceptList.match(new AcceptList(accept), AcceptList.create(types));
            for (Lang form : offered) {
                if (chosen != null && form.getHeaderString().equals(chosen.getContentTypeStr())) {
                    return form;
                }
            }
            throw new Refused(406, "none of these media types can be given: " + accept);
        }
    }

    private static HttpHandler answered(Answering handler) {
        return exchange -> {
            try (exchange) {
                Reply reply = reply(handler, new Request(exchange));
                exchange.getResponseHeaders().set("Server", "Jena-engine-behind-a-test-rig");
                exchange.getResponseHeaders().set("Content-Type", reply.type);
                boolean empty = reply.status == 204 || exchange.getRequestMethod().equals("HEAD");
                exchange.sendResponseHeaders(reply.status, empty || reply.body.length == 0 ? -1 : reply.body.length);
                if (!empty) {
                    exchange.getResponseBody().write(reply.body);
                }
            }
        };
    }

    private static Reply reply(Answering handler, Request request) {
        try {
            return handler.answer(request);
        } catch (Refused refused) {
            return said(refused.status, refused.getMessage());
        } catch (QueryParseException wrong) {
            return said(400, wrong.getMessage());
        } catch (QueryCancelledException late) {
            return said(503, "the query took longer than it may");
        } catch (Exception error) {
            error.printStackTrace();
            return said(500, error.toString());
        }
    }

    private static Reply said(int status, String message) {
        return new Reply(status, "text/plain; charset=utf-8", (message + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static Reply done(int status) {
        return new Reply(status, "text/plain", new byte[0]);
    }

    private <T> T within(ReadWrite mode, Supplier<T> work) {
        store.begin(mode);
        boolean done = false;
        try {
            T made = work.get();
            done = true;
            return made;
        } finally {
            if (mode == ReadWrite.WRITE && done) {
                store.commit();
            } else if (mode == ReadWrite.WRITE) {
                store.abort();
            }
            store.end();
        }
    }

    private Reply query(Request request) {
        if (!List.of("GET", "HEAD", "POST").contains(request.method)) {
            throw new Refused(405, "a query comes by GET or POST");
        }
        Query query = QueryFactory.create(request.operation("query"));
        return within(ReadWrite.READ, () -> answer(request, query));
    }

    private Reply answer(Request request, Query query) {
        try (QueryExec run = QueryExec.dataset(chosen(request, query)).query(query).timeout(seconds, TimeUnit.SECONDS).build()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Lang form;
            if (query.isSelectType()) {
                form = request.accepted(TABLES);
                ResultSetMgr.write(out, ResultSet.adapt(run.select()), form);
            } else if (query.isAskType()) {
                form = request.accepted(TABLES);
                ResultSetMgr.write(out, run.ask(), form);
            } else {
                form = request.accepted(GRAPHS);
                write(out, query.isDescribeType() ? run.describe() : run.construct(), form);
            }
            return new Reply(200, form.getHeaderString(), out.toByteArray());
        }
    }

    /** The graphs that the protocol's parameters choose, which win over the query's own FROM. */
    private DatasetGraph chosen(Request request, Query query) {
        List<Node> defaults = nodes(request.all("default-graph-uri"));
        List<Node> named = nodes(request.all("named-graph-uri"));
        if (defaults.isEmpty() && named.isEmpty()) {
            return store;
        }
        query.getGraphURIs().clear();
        query.getNamedGraphURIs().clear();
        return DynamicDatasets.dynamicDataset(defaults, named, store, false);
    }

    private static List<Node> nodes(List<String> iris) {
        return iris.stream().map(NodeFactory::createURI).toList();
    }

    private static void write(ByteArrayOutputStream out, Graph graph, Lang form) {
        if (form == Lang.RDFXML) {
            RDFDataMgr.write(out, graph, RDFFormat.RDFXML_PLAIN); // the pretty one is made for small graphs
        } else {
            RDFDataMgr.write(out, graph, form);
        }
    }

    private Reply update(Request request) {
        if (!request.method.equals("POST")) {
            throw new Refused(405, "an update comes by POST");
        }
        String text = request.operation("update");
        UsingList using = new UsingList();
        using.addAllUsing(nodes(request.all("using-graph-uri")));
        using.addAllUsingNamed(nodes(request.all("using-named-graph-uri")));
        return within(ReadWrite.WRITE, () -> {
            UpdateAction.parseExecute(using, store, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            return done(204);
        });
    }

    private Reply data(Request request) {
        List<String> names = request.all("graph");
        boolean byDefault = request.parameters.containsKey("default");
        if (names.size() + (byDefault ? 1 : 0) != 1) {
            throw new Refused(400, "either graph=IRI or default is needed");
        }
        Node name = byDefault ? null : NodeFactory.createURI(names.get(0));
        switch (request.method) {
            case "GET", "HEAD":
                return within(ReadWrite.READ, () -> read(request, name));
            case "DELETE":
                return within(ReadWrite.WRITE, () -> replace(name, null));
            case "PUT", "POST":
                Graph sent = parsed(request);
                boolean merge = request.method.equals("POST");
                return within(ReadWrite.WRITE, () -> merge ? add(name, sent) : replace(name, sent));
            default:
                throw new Refused(405, "a graph is read by GET and HEAD, changed by PUT, POST and DELETE");
        }
    }

    private Graph held(Node name) {
        return name == null ? store.getDefaultGraph() : store.getGraph(name);
    }

    private Reply read(Request request, Node name) {
        if (name != null && !store.containsGraph(name)) {
            throw new Refused(404, "there is no such graph");
        }
        Lang form = request.accepted(GRAPHS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, held(name), form);
        return new Reply(200, form.getHeaderString(), out.toByteArray());
    }

    private Reply add(Node name, Graph sent) {
        boolean there = name == null || store.containsGraph(name);
        sent.find().forEachRemaining(held(name)::add);
        return done(there ? 204 : 201);
    }

    private Reply replace(Node name, Graph sent) {
        boolean there = name == null || store.containsGraph(name);
        if (sent == null && !there) {
            throw new Refused(404, "there is no such graph");
        }
        held(name).clear();
        if (sent != null) {
            add(name, sent);
        }
        return done(there ? 204 : 201);
    }

    private static Graph parsed(Request request) {
        Lang form = request.type.isEmpty() ? Lang.TURTLE : RDFLanguages.contentTypeToLang(request.type);
        if (form == null || !RDFLanguages.isTriples(form)) {
            throw new Refused(415, "not a media type of a graph: " + request.type);
        }
        Graph graph = GraphFactory.createDefaultGraph();
        try {
            RDFParser.source(new ByteArrayInputStream(request.body)).lang(form).parse(graph);
        } catch (RiotException wrong) {
            throw new Refused(400, wrong.getMessage());
        }
        return graph;
    }
}
