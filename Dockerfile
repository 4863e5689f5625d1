# Medallion with the Spark that it runs on, for a driver beside a cluster and for runs on one machine.
# docker build -t medallion:0.1.0 .

FROM eclipse-temurin:17.0.17_10-jdk-noble AS build
WORKDIR /src
COPY . .
# Builds, lays out the Spark home, and shows by a command's help that both work.
RUN --mount=type=cache,target=/root/.m2 \
    MEDALLION_CLASS_ARCHIVE=off ./medallion plan --help && infra/image/assemble /opt/medallion

FROM eclipse-temurin:17.0.17_10-jre-noble
RUN groupadd --system --gid 10001 medallion && \
    useradd --system --uid 10001 --gid medallion --create-home medallion
COPY --from=build /opt/medallion /opt/medallion
# The archive of loaded classes would have to be written beside the jars, which belong to root.
ENV MEDALLION_CLASS_ARCHIVE=off
USER 10001:10001
WORKDIR /home/medallion
ENTRYPOINT ["/opt/medallion/medallion"]
CMD ["help"]
