using System.Globalization;
using System.Text;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Text;

/// <summary>What a WebVTT file says.</summary>
/// <param name="Cues">In the order of the file; times as they stand there, or on the media's clock where it maps them to that.</param>
/// <param name="Preamble">See <see cref="TextContent.Preamble"/>.</param>
/// <param name="Language">BCP 47, from a <c>Language:</c> header line; null where there is none.</param>
internal sealed record WebVttFile(IReadOnlyList<TextCue> Cues, string Preamble, string? Language);

/// <summary>
/// Reads WebVTT (W3C WebVTT 4) as forgiving as players do, and what calls itself so: SubRip's commas and missing signature, several files one
/// behind the other. What cannot be shown is left out and counted.
/// </summary>
internal sealed class WebVttReader
{
    public const string Signature = "WEBVTT";
    private const string Arrow = "-->";

    /// <summary>Letters: a screen holds some hundreds; styled ones a few thousand.</summary>
    private const int MaxPayload = 16 * 1024;

    private const uint MpegTimescale = 90_000;

    private readonly string _file;
    private readonly bool _usesMap;
    private readonly List<PackagingWarning> _warnings;
    private readonly string[] _lines;
    private readonly List<TextCue> _cues = [];
    private readonly StringBuilder _preamble = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _regions = new(StringComparer.Ordinal);
    private string? _language;
    private long _offset;
    private int _line;
    private int _badTimes;
    private int _empty;
    private int _tooLong;

    private WebVttReader(string text, string file, bool usesMap, List<PackagingWarning> warnings)
    {
        _file = file;
        _usesMap = usesMap;
        _warnings = warnings;
        _lines = text.Replace("\r\n", "\n").Replace('\r', '\n').Replace('\0', '\uFFFD').Split('\n');
    }

    /// <param name="content">The whole file.</param>
    /// <param name="file">Its path in the asset, for messages.</param>
    /// <param name="hasMediaClock">
    /// True where the media has a clock that X-TIMESTAMP-MAP (RFC 8216 3.5) can refer to; of progressive files it means a transport stream that
    /// is not there.
    /// </param>
    /// <exception cref="PackagingException"><c>InvalidWebVtt</c>: nothing in it looks like WebVTT.</exception>
    public static WebVttFile Parse(byte[] content, string file, bool hasMediaClock, List<PackagingWarning> warnings) =>
        new WebVttReader(TextBytes.Decode(content), file, hasMediaClock, warnings).Parse();

    /// <summary>True where the first bytes of a file are those of WebVTT.</summary>
    public static bool IsSignature(string head) =>
        head.StartsWith(Signature, StringComparison.Ordinal)
        && (head.Length == Signature.Length || head[Signature.Length] is ' ' or '\t' or '\r' or '\n');

    /// <summary>Milliseconds of <c>hh:mm:ss.mmm</c> or <c>mm:ss.mmm</c>; null where it is neither.</summary>
    public static long? ParseTimestamp(string text)
    {
        string[] parts = text.Trim().Replace(',', '.').Split(':');
        string[] seconds = parts[parts.Length - 1].Split('.');
        if (parts.Length is < 2 or > 3 || seconds.Length > 2 || (seconds.Length == 2 && seconds[1].Length is 0 or > 3))
        {
            return null;
        }

        long? hours = parts.Length == 3 ? Number(parts[0], 999_999) : 0;
        long? minutes = Number(parts[parts.Length - 2], 59);
        long? whole = Number(seconds[0], 59);
        long? thousandths = seconds.Length == 2 ? Number(seconds[1].PadRight(3, '0'), 999) : 0;
        return (((hours * 60) + minutes) * 60_000) + (whole * 1000) + thousandths;

        static long? Number(string digits, long greatest) =>
            long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= greatest ? value : null;
    }

    private WebVttFile Parse()
    {
        bool isSigned = IsSignature(_lines[0]);
        while (_line < _lines.Length)
        {
            ReadBlock();
        }

        if (!isSigned && _cues.Count == 0)
        {
            throw new PackagingException("InvalidWebVtt", "It has neither the signature WEBVTT nor cues.", _file);
        }

        if (!isSigned)
        {
            Warn("TextRepaired", "It lacks the signature WEBVTT; its cues are taken all the same.");
        }

        WarnOf(_badTimes, "has no time that can be read, or ends before it starts");
        WarnOf(_empty, "has no text");
        WarnOf(_tooLong, $"has more than {MaxPayload} letters");
        return new WebVttFile(_cues, _preamble.ToString(), _language);
    }

    private void ReadBlock()
    {
        string line = _lines[_line];
        if (line.Trim().Length == 0)
        {
            _line++;
        }
        else if (IsSignature(line))
        {
            ReadHeader();
        }
        else if (line.Contains(Arrow))
        {
            ReadCue(null);
        }
        else if (_line + 1 < _lines.Length && _lines[_line + 1].Contains(Arrow))
        {
            _line++;
            ReadCue(line.Trim());
        }
        else if (line.TrimEnd() is "STYLE" or "REGION")
        {
            KeepBlock(line.TrimEnd());
        }
        else
        {
            SkipBlock();
        }
    }

    /// <summary>Lines under the signature: Media Services asks for <c>Language: en-us</c>, HLS for X-TIMESTAMP-MAP.</summary>
    private void ReadHeader()
    {
        _offset = 0;
        for (_line++; _line < _lines.Length && _lines[_line].Trim().Length > 0 && !_lines[_line].Contains(Arrow); _line++)
        {
            string line = _lines[_line].Trim();
            int end = line.IndexOfAny([':', '=']);
            string name = end < 0 ? "" : line.Substring(0, end).Trim().ToUpperInvariant();
            string value = line.Substring(end + 1).Trim();
            switch (name)
            {
                case "LANGUAGE":
                    _language ??= LanguageTag.ToBcp47(value);
                    break;
                case "X-TIMESTAMP-MAP":
                    ReadMap(value);
                    break;
            }
        }
    }

    /// <summary><c>MPEGTS:900000,LOCAL:00:00:00.000</c>, in either order (RFC 8216 3.5).</summary>
    private void ReadMap(string map)
    {
        long? local = null;
        long? mpeg = null;
        foreach (string part in map.Split(','))
        {
            int colon = part.IndexOf(':');
            string value = part.Substring(colon + 1).Trim();
            switch (colon < 0 ? "" : part.Substring(0, colon).Trim().ToUpperInvariant())
            {
                case "LOCAL":
                    local = ParseTimestamp(value);
                    break;
                case "MPEGTS" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) && ticks >> 33 == 0:
                    mpeg = TimeMath.Rescale(ticks, MpegTimescale, 1000);
                    break;
            }
        }

        if (local is null || mpeg is null)
        {
            Warn("TextTimestampMap", $"Its X-TIMESTAMP-MAP '{Shorten(map)}' cannot be read; cues are taken as they are.");
        }
        else if (_usesMap)
        {
            _offset = mpeg.Value - local.Value;
        }
        else if (mpeg != local)
        {
            Warn("TextTimestampMap", $"Its X-TIMESTAMP-MAP '{Shorten(map)}' is about a transport stream that is not in the asset; it is ignored.");
        }
    }

    private void ReadCue(string? id)
    {
        string line = _lines[_line++];
        int arrow = line.IndexOf(Arrow, StringComparison.Ordinal);
        string[] words = line.Substring(arrow + Arrow.Length).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        int first = _line;
        int letters = 0;
        while (_line < _lines.Length && _lines[_line].Length > 0 && !_lines[_line].Contains(Arrow))
        {
            letters += _lines[_line++].Length;
        }

        // The identifier of the next cue where no blank line parts the two.
        int end = _line;
        if (_line < _lines.Length && _lines[_line].Contains(Arrow) && _line > first && IsNumber(_lines[_line - 1]))
        {
            end = --_line;
        }

        long? start = ParseTimestamp(line.Substring(0, arrow));
        long? stop = words.Length > 0 ? ParseTimestamp(words[0]) : null;
        if (start is null || stop is null || stop <= start)
        {
            _badTimes++;
            return;
        }

        if (letters > MaxPayload)
        {
            _tooLong++;
            return;
        }

        string payload = string.Join("\n", new ArraySegment<string>(_lines, first, end - first).Where(text => text.Trim().Length > 0));
        if (payload.Length == 0)
        {
            _empty++;
            return;
        }

        string? unique = !string.IsNullOrEmpty(id) && _ids.Add(id!) ? id : null;
        _cues.Add(new TextCue(start.Value + _offset, stop.Value + _offset, Settings(words.Skip(1)), payload, unique));
    }

    /// <summary>Those that WebVTT knows, each once; a region only if it is defined.</summary>
    private string Settings(IEnumerable<string> words)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string word in words)
        {
            int colon = word.IndexOf(':');
            string name = colon > 0 ? word.Substring(0, colon) : "";
            bool isKnown = name is "vertical" or "line" or "position" or "size" or "align"
                || (name == "region" && _regions.Contains(word.Substring(colon + 1)));
            if (isKnown && colon + 1 < word.Length && !settings.ContainsKey(name))
            {
                settings.Add(name, word);
            }
        }

        return string.Join(" ", settings.Values);
    }

    /// <summary>STYLE and REGION count only before the first cue (W3C WebVTT 4.1).</summary>
    private void KeepBlock(string kind)
    {
        int first = _line++;
        while (_line < _lines.Length && _lines[_line].Trim().Length > 0 && !_lines[_line].Contains(Arrow))
        {
            foreach (string setting in kind == "REGION" ? _lines[_line].Split(' ', '\t') : [])
            {
                _regions.Add(setting.StartsWith("id:", StringComparison.Ordinal) ? setting.Substring(3) : "");
            }

            _line++;
        }

        if (_cues.Count == 0)
        {
            _preamble.Append(string.Join("\n", _lines, first, _line - first)).Append('\n').Append('\n');
        }
    }

    private void SkipBlock()
    {
        while (_line < _lines.Length && _lines[_line].Trim().Length > 0 && !_lines[_line].Contains(Arrow))
        {
            _line++;
        }
    }

    private static bool IsNumber(string line) => line.Trim() is { Length: > 0 } text && text.All(c => c is >= '0' and <= '9');

    private void WarnOf(int count, string fault)
    {
        if (count > 0)
        {
            Warn("TextCueLeftOut", $"Cues left out because each {fault}: {count}.");
        }
    }

    private void Warn(string code, string message) => _warnings.Add(new PackagingWarning(code, message, _file));

    private static string Shorten(string text) => text.Length <= 80 ? text : text.Substring(0, 80) + "…";
}
