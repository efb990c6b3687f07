using System.Xml;
using AmsMigration.Packaging.Manifests.Events;
using AmsMigration.Packaging.Planning;

namespace AmsMigration.Packaging.Manifests.Dash;

/// <summary>Events in the MPD (ISO/IEC 23009-1 5.10.2); splices as SCTE 214-1 6.7.4 wants them.</summary>
internal sealed class EventStreamWriter(XmlWriter xml)
{
    private const string BinarySplices = "urn:scte:scte35:2013:bin";
    private const string SplicesInXml = "urn:scte:scte35:2014:xml+bin";
    private const string SpliceNamespace = "http://www.scte.org/schemas/35/2016";

    /// <param name="period">The one that is written: an event stands where it begins.</param>
    public void Write(EventTimeline timeline, Stretch period)
    {
        IEnumerable<PlannedEvent> events = timeline.Events.Where(planned => period.Has(planned.Start));
        foreach (IGrouping<(string, string), PlannedEvent> stream in events.GroupBy(planned => (planned.Source.Scheme, planned.Source.Stream)))
        {
            (string scheme, string name) = stream.Key;
            bool isSplice = scheme == BinarySplices && stream.All(planned => SpliceInfo.Read(planned.Source.Message) is not null);
            xml.WriteStartElement("EventStream");
            xml.WriteAttributeString("schemeIdUri", isSplice ? SplicesInXml : DashXml.Clean(scheme));
            xml.WriteAttributeString("value", DashXml.Clean(name));
            xml.WriteNumber("timescale", ManifestTime.Microseconds);
            int number = 0;
            foreach (PlannedEvent planned in stream)
            {
                number++;
                xml.WriteStartElement("Event");
                xml.WriteNumber("presentationTime", Math.Min(planned.Start - period.RecordedStart, period.End - period.Start));
                xml.WritePositive("duration", planned.Duration);
                xml.WriteNumber("id", planned.Source.Id ?? (uint)number);
                WriteMessage(planned.Source.Message, isSplice);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }
    }

    private void WriteMessage(byte[] message, bool isSplice)
    {
        string base64 = Convert.ToBase64String(message);
        if (isSplice)
        {
            xml.WriteStartElement("Signal", SpliceNamespace);
            xml.WriteElementString("Binary", SpliceNamespace, base64);
            xml.WriteEndElement();
            return;
        }

        xml.WriteAttributeString("contentEncoding", "base64");
        xml.WriteString(base64);
    }
}
