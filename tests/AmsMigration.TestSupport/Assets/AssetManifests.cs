using System.Globalization;
using System.Text;

namespace AmsMigration.TestSupport.Assets;

/// <summary>Server and client manifests as Media Services wrote them.</summary>
public static class AssetManifests
{
    /// <param name="source">Gives the src attribute and the trackID, null for none, of a stream.</param>
    public static string Server(
        string name, string? formats, IEnumerable<MadeStream> streams, Func<MadeStream, (string Source, uint? TrackId)> source, string more = "")
    {
        var tracks = new StringBuilder();
        foreach (MadeStream stream in streams)
        {
            (string file, uint? trackId) = source(stream);
            string id = trackId is null ? "" : $"""<param name="trackID" value="{trackId}" valuetype="data" />""";
            tracks.AppendLine(
                $"""
                      <{stream.Type} src="{file}" systemBitrate="{stream.Bitrate}" systemLanguage="{stream.Language}">
                        {id}<param name="trackName" value="{stream.Name}" valuetype="data" />
                      </{stream.Type}>
                """);
        }

        string meta = formats is null ? "" : $"""<meta name="formats" content="{formats}" />""";
        return $"""
            <?xml version="1.0" encoding="utf-8" standalone="yes"?>
            <smil xmlns="http://www.w3.org/2001/SMIL20/Language">
              <head><meta name="clientManifestRelativePath" content="{name}.ismc" />{meta}</head>
              <body><switch>
            {tracks}{more}  </switch></body>
            </smil>
            """;
    }

    /// <param name="more">StreamIndex elements of sparse tracks and text.</param>
    public static string Client(IEnumerable<MadeStream> streams, string more = "")
    {
        var indexes = new StringBuilder();
        foreach (IGrouping<string, MadeStream> levels in streams.GroupBy(stream => stream.Name))
        {
            MadeStream first = levels.First();
            string qualities = string.Join("\n", levels.Select((level, i) =>
                $"""    <QualityLevel Index="{i}" Bitrate="{level.Bitrate}" FourCC="{level.FourCC}" CodecPrivateData="{level.CodecPrivateData}" />"""));
            string chunks = string.Join("\n", (first.Listed ?? first.Chunks).Select(chunk =>
                string.Create(CultureInfo.InvariantCulture, $"""    <c t="{chunk.Name}" d="{chunk.Duration}" />""")));
            indexes.AppendLine(
                $$"""
                  <StreamIndex Type="{{first.Type}}" Name="{{first.Name}}" Chunks="{{(first.Listed ?? first.Chunks).Count}}" TimeScale="{{first.Timescale}}" Language="{{first.Language}}" Url="QualityLevels({bitrate})/Fragments({{first.Name}}={start time})">
                {{qualities}}
                {{chunks}}
                  </StreamIndex>
                """);
        }

        return $"""
            <?xml version="1.0" encoding="utf-8"?>
            <SmoothStreamingMedia MajorVersion="2" MinorVersion="2" TimeScale="10000000" Duration="0">
            {indexes}{more}</SmoothStreamingMedia>
            """;
    }
}
