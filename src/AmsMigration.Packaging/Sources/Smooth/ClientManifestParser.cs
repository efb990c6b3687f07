using System.Globalization;
using System.Xml;

namespace AmsMigration.Packaging.Sources.Smooth;

/// <summary>Reads a client manifest as a stream of elements, so that a day of chunks costs no tree.</summary>
internal sealed class ClientManifestParser(XmlReader reader, string file)
{
    private const uint DefaultTimescale = 10_000_000;
    private const int MaxChunks = 10_000_000;
    private const int MaxStreams = 1_000;
    private const int MaxQualityLevels = 10_000;

    private readonly List<ClientStream> _streams = [];
    private readonly List<PackagingWarning> _warnings = [];
    private readonly List<string> _protectionSystems = [];
    private readonly List<ClientQualityLevel> _levels = [];
    private Dictionary<string, string>? _stream;
    private ChunkList _chunks = new();
    private string? _scheme;
    private long _duration;
    private uint _timescale;
    private int _qualityLevels;
    private long _chunkCount;

    public ClientManifest Read()
    {
        if (!string.Equals(reader.LocalName, "SmoothStreamingMedia", StringComparison.OrdinalIgnoreCase))
        {
            throw new PackagingException(
                ManifestXml.ErrorCode, $"The root element is '{reader.LocalName}'; expected 'SmoothStreamingMedia'.", file);
        }

        Dictionary<string, string> root = ManifestXml.Attributes(reader);
        _duration = Math.Max(0, Number(root, "Duration") ?? 0);
        _timescale = Timescale(root) ?? DefaultTimescale;
        while (ManifestXml.Advance(reader))
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    ReadElement(reader.LocalName.ToLowerInvariant(), ManifestXml.Attributes(reader));
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    _chunks.AddPayload(reader.Value);
                    break;
                case XmlNodeType.EndElement when reader.LocalName.Equals("StreamIndex", StringComparison.OrdinalIgnoreCase):
                    EndStream();
                    break;
            }
        }

        return new ClientManifest
        {
            Duration = _duration,
            Timescale = _timescale,
            IsLive = Text(root, "IsLive") is string live && live.Equals("true", StringComparison.OrdinalIgnoreCase),
            ProtectionSystems = _protectionSystems,
            Streams = _streams,
            Warnings = _warnings,
        };
    }

    private void ReadElement(string name, Dictionary<string, string> attributes)
    {
        switch (name)
        {
            case "streamindex":
                Limit(_streams.Count + 1, MaxStreams, "streams");
                _stream = attributes;
                _chunks = new ChunkList();
                _levels.Clear();
                _scheme = null;
                if (reader.IsEmptyElement)
                {
                    EndStream();
                }

                break;
            case "qualitylevel" when _stream is not null:
                Limit(++_qualityLevels, MaxQualityLevels, "quality levels");
                _levels.Add(ReadQualityLevel(attributes));
                break;
            case "c" when _stream is not null:
                int count = (int)Math.Min(Math.Max(Number(attributes, "r") ?? 1, 1), int.MaxValue);
                Limit(_chunkCount += count, MaxChunks, "chunks");
                _chunks.Add(Number(attributes, "t"), Number(attributes, "d"), count);
                break;
            case "attribute" when _stream is not null && Text(attributes, "Name") is "Scheme" or "Schema":
                _scheme = Text(attributes, "Value");
                break;
            case "f" when !reader.IsEmptyElement:
                _chunks.ExpectPayload();
                break;
            case "protectionheader":
                _protectionSystems.Add(Text(attributes, "SystemID") ?? "");
                break;
        }
    }

    private void EndStream()
    {
        if (_stream is not Dictionary<string, string> attributes)
        {
            return;
        }

        _stream = null;
        string type = (Text(attributes, "Type") ?? "").ToLowerInvariant();
        string name = Text(attributes, "Name") ?? type;
        uint timescale = Timescale(attributes) ?? _timescale;
        long end = _duration == 0 ? 0 : TimeMath.Rescale(_duration, _timescale, timescale);
        var stream = new ClientStream
        {
            Type = type,
            Name = name,
            Subtype = Text(attributes, "Subtype"),
            Language = LanguageTag.ToBcp47(Text(attributes, "Language")),
            Timescale = timescale,
            Scheme = Text(attributes, "Scheme") ?? _scheme,
            ParentStream = Text(attributes, "ParentStreamIndex") ?? Text(attributes, "ParentStream"),
            Roles =
            [
                .. new[] { Text(attributes, "Accessibility"), Text(attributes, "Role") }
                    .OfType<string>()
                    .Select(role => role.ToLowerInvariant())
                    .Distinct(),
            ],
            QualityLevels = [.. _levels],
            Chunks = _chunks.ToRuns(end),
        };
        if (Number(attributes, "Chunks") is long declared && declared > 0 && declared != stream.ChunkCount)
        {
            _warnings.Add(new PackagingWarning(
                "ChunkCountDisagrees",
                $"Stream '{name}' says that it has {declared} chunks and lists {stream.ChunkCount}; the list is taken.",
                file));
        }

        _streams.Add(stream);
    }

    private ClientQualityLevel ReadQualityLevel(Dictionary<string, string> attributes) => new(
        Int32(attributes, "Index"),
        Math.Max(0, Number(attributes, "Bitrate") ?? 0),
        Text(attributes, "FourCC") ?? "",
        Hexadecimal(Text(attributes, "CodecPrivateData") ?? ""),
        Int32(attributes, "MaxWidth") is > 0 and int width ? width : Int32(attributes, "Width"),
        Int32(attributes, "MaxHeight") is > 0 and int height ? height : Int32(attributes, "Height"),
        Int32(attributes, "SamplingRate"),
        Int32(attributes, "Channels"),
        Int32(attributes, "AudioTag"))
    {
        BitsPerSample = Int32(attributes, "BitsPerSample"),
        NalLengthSize = Int32(attributes, "NALUnitLengthField") is > 0 and int length ? length : 4,
    };

    private static string? Text(Dictionary<string, string> attributes, string name) =>
        attributes.TryGetValue(name, out string? value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private long? Number(Dictionary<string, string> attributes, string name)
    {
        if (Text(attributes, name) is not string text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new PackagingException(
                ManifestXml.ErrorCode, $"Attribute '{name}' of '{reader.LocalName}' is '{text}'; expected a number.", file);
    }

    private uint? Timescale(Dictionary<string, string> attributes) => Number(attributes, "TimeScale") switch
    {
        null or 0 => null,
        long value and > 0 and <= uint.MaxValue => (uint)value,
        long value => throw new PackagingException(ManifestXml.ErrorCode, $"TimeScale is {value}; expected 1 to {uint.MaxValue}.", file),
    };

    private static int Int32(Dictionary<string, string> attributes, string name) =>
        int.TryParse(Text(attributes, name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;

    private static byte[] Hexadecimal(string text)
    {
        byte[] bytes = new byte[text.Length / 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!byte.TryParse(text.Substring(2 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return [];
            }
        }

        return bytes;
    }

    private void Limit(long count, int most, string what)
    {
        if (count > most)
        {
            throw new PackagingException(ManifestXml.ErrorCode, $"The manifest lists more than {most} {what}.", file);
        }
    }

    /// <summary>Chunks whose times follow from the ones around them.</summary>
    private sealed class ChunkList
    {
        private readonly List<(long? Time, long? Duration, int Count, byte[]? Payload)> _listed = [];
        private bool _expectsPayload;

        public void Add(long? time, long? duration, int count)
        {
            _listed.Add((time, duration is > 0 ? duration : null, count, null));
            _expectsPayload = false;
        }

        public void ExpectPayload() => _expectsPayload = _listed.Count > 0;

        /// <summary>Base64; what is not is no payload.</summary>
        public void AddPayload(string text)
        {
            if (!_expectsPayload)
            {
                return;
            }

            _expectsPayload = false;
            try
            {
                _listed[_listed.Count - 1] = _listed[_listed.Count - 1] with { Payload = Convert.FromBase64String(text.Trim()) };
            }
            catch (FormatException)
            {
                // Players of the day skipped these as well.
            }
        }

        /// <param name="end">Where the presentation ends, ticks of the stream; 0 where unknown.</param>
        public List<ChunkRun> ToRuns(long end)
        {
            List<ChunkRun> runs = [];
            long next = 0;
            for (int i = 0; i < _listed.Count; i++)
            {
                (long? listedTime, long? listedDuration, int count, byte[]? payload) = _listed[i];
                long time = listedTime ?? next;
                long limit = i + 1 < _listed.Count ? _listed[i + 1].Time ?? 0 : end;
                long previous = runs.Count > 0 ? runs[runs.Count - 1].Duration : 0;
                long duration = listedDuration ?? (limit > time ? checked(limit - time) / count : previous);
                next = checked(time + (duration * count));
                ChunkRun? last = runs.Count > 0 ? runs[runs.Count - 1] : null;
                bool continues = last is { Payload: null } && payload is null
                    && last.Duration == duration && last.Time + (last.Count * last.Duration) == time;
                if (continues)
                {
                    runs[runs.Count - 1] = last! with { Count = last!.Count + count };
                }
                else
                {
                    runs.Add(new ChunkRun(time, duration, count, payload));
                }
            }

            return runs;
        }
    }
}
