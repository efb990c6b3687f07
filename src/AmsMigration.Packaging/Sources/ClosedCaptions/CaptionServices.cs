namespace AmsMigration.Packaging.Sources.ClosedCaptions;

/// <summary>
/// Which caption services cc_data (ANSI/CTA-708 4.3) carries: channels of CEA-608 (<c>CC1</c> to <c>CC4</c>) and services of CEA-708
/// (<c>SERVICE1</c> to <c>SERVICE63</c>), by the names that HLS has for them (RFC 8216bis 4.4.6.1, INSTREAM-ID).
/// </summary>
internal sealed class CaptionServices
{
    private const int MaxPacketLength = 128;

    private readonly SortedSet<int> _channels = [];
    private readonly SortedSet<int> _services = [];
    private readonly bool[] _hasText = new bool[2];
    private readonly List<byte> _packet = new(MaxPacketLength);

    /// <summary>True where there was caption data at all, be it padding.</summary>
    public bool IsCarried { get; private set; }

    /// <summary>Channels first, then services; empty where nothing was said.</summary>
    public IReadOnlyList<string> GetNames()
    {
        SortedSet<int> channels = [.. _channels];
        for (int i = 0; i < _hasText.Length; i++)
        {
            // Text whose control codes were not seen is taken for the field's first channel.
            int channel = (i * 2) + 1;
            if (_hasText[i] && !channels.Contains(channel) && !channels.Contains(channel + 1))
            {
                channels.Add(channel);
            }
        }

        return [.. channels.Select(channel => $"CC{channel}"), .. _services.Select(service => $"SERVICE{service}")];
    }

    /// <param name="data">Three bytes a construct: marker, valid and type bits, then two bytes.</param>
    public void Add(byte[] data, int start, int count)
    {
        for (int at = start; at + 3 <= start + (count * 3) && at + 3 <= data.Length; at += 3)
        {
            bool isValid = (data[at] & 4) != 0;
            IsCarried |= isValid;
            switch (data[at] & 3)
            {
                case 0 or 1 when isValid:
                    AddField(data[at] & 3, data[at + 1] & 0x7F, data[at + 2] & 0x7F);
                    break;
                case 3:
                    EndPacket();
                    AddPacket(isValid, data[at + 1], data[at + 2]);
                    break;
                case 2 when _packet.Count > 0:
                    AddPacket(isValid, data[at + 1], data[at + 2]);
                    break;
            }
        }
    }

    /// <summary>Call after the last data.</summary>
    public void EndPacket()
    {
        if (_packet.Count > 1)
        {
            ReadPacket();
        }

        _packet.Clear();
    }

    /// <summary>CEA-608: control codes 0x10 to 0x1F say which channel of the field they and what follows are for; 0x01 to 0x0F are XDS.</summary>
    private void AddField(int field, int first, int second)
    {
        if (first is >= 0x10 and <= 0x1F)
        {
            _channels.Add((field * 2) + (first < 0x18 ? 1 : 2));
        }
        else if (first >= 0x20 && (first | second) != 0)
        {
            _hasText[field] = true;
        }
    }

    private void AddPacket(bool isValid, byte first, byte second)
    {
        if (isValid && _packet.Count + 2 <= MaxPacketLength)
        {
            _packet.Add(first);
            _packet.Add(second);
        }
    }

    /// <summary>A caption channel packet (ANSI/CTA-708 5): a header, then service blocks.</summary>
    private void ReadPacket()
    {
        int size = _packet[0] & 0x3F;
        int end = Math.Min(_packet.Count, size == 0 ? MaxPacketLength : size * 2);
        for (int at = 1; at < end;)
        {
            int service = _packet[at] >> 5;
            int length = _packet[at++] & 0x1F;
            if (service == 0)
            {
                return;
            }

            if (service == 7 && length > 0 && at < end)
            {
                service = _packet[at++] & 0x3F;
            }

            if (service > 0 && length > 0 && at + length <= end)
            {
                _services.Add(service);
            }

            at += length;
        }
    }
}
